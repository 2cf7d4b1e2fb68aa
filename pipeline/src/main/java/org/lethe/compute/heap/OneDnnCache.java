package org.lethe.compute.heap;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lethe.compute.heap.OneDnnPrimitive.PackedProduct;
import org.lethe.compute.heap.OneDnnPrimitive.Product;

/** Compiled operations of one thread. Those that were not used for the longest time are closed. */
final class OneDnnCache {
  private static final int MOST = 256;

  private final OneDnn library;
  private final Map<Object, OneDnnPrimitive> primitives = new LinkedHashMap<>(16, 0.75f, true);

  OneDnnCache(OneDnn library) {
    this.library = library;
  }

  /** A cache for each thread. */
  static OneDnnCache[] ofThreads(OneDnn library, int threads) {
    OneDnnCache[] caches = new OneDnnCache[threads];
    Arrays.setAll(caches, i -> new OneDnnCache(library));
    return caches;
  }

  /** The product of a shape. */
  OneDnnPrimitive product(Product shape) {
    OneDnnPrimitive known = primitives.get(shape);
    return known == null ? keep(shape, OneDnnPrimitive.of(library, shape)) : known;
  }

  /** The product of a shape with a packed factor of that shape. */
  OneDnnPrimitive product(PackedProduct shape, PackedFactor factor) {
    OneDnnPrimitive known = primitives.get(shape);
    return known == null ? keep(shape, OneDnnPrimitive.of(library, shape, factor)) : known;
  }

  /** The rounding of a number of elements to BFLOAT16. */
  OneDnnPrimitive rounding(int count) {
    OneDnnPrimitive known = primitives.get(count);
    return known == null ? keep(count, OneDnnPrimitive.ofRounding(library, count)) : known;
  }

  private OneDnnPrimitive keep(Object key, OneDnnPrimitive created) {
    if (primitives.size() == MOST) {
      primitives.remove(primitives.keySet().iterator().next()).close();
    }
    primitives.put(key, created);
    return created;
  }
}
