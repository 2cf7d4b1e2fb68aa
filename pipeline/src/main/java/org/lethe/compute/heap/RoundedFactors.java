package org.lethe.compute.heap;

import java.util.Optional;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.tensor.Dtype;

/**
 * Factors of products rounded to BFLOAT16, in memory that is kept from product to product. A factor
 * is valid until the next product, a held one until its hold ends.
 */
final class RoundedFactors {
  /** Elements that are rounded at once; the last ones of a factor may be rounded twice. */
  private static final int[] ROUNDED_AT_ONCE = {1 << 16, 1 << 12};

  /** A factor in BFLOAT16, row-major. */
  record Factor(Form form, long address, int stride) {
    /** Address of an element of op(factor). */
    long at(int row, int column) {
      long element =
          form == Form.AS_IS ? (long) row * stride + column : (long) column * stride + row;
      return address + Dtype.BF16.bytes() * element;
    }
  }

  /**
   * A factor that stays as it is.
   *
   * @param rounded address of its first element in BFLOAT16, once a product has read it
   */
  private record Held(HeapMatrix factor, Optional<Long> rounded) {
    boolean contains(HeapMatrix x) {
      long from = factor.address(0, 0);
      return x.stride() == factor.stride() && from <= x.address(0, 0) && end(x) <= end(factor);
    }

    private static long end(HeapMatrix x) {
      return x.address(x.rows() - 1, x.columns() - 1);
    }
  }

  private final Workers workers;
  private final OneDnnCache[] compiled;
  private final Memory first = new Memory();
  private final Memory second = new Memory();
  private final Memory beside = new Memory();
  private Optional<Held> held = Optional.empty();

  RoundedFactors(Workers workers, OneDnnCache[] compiled) {
    this.workers = workers;
    this.compiled = compiled;
  }

  /** As {@link Compute#holdFactor}. It is rounded when a product reads a part of it. */
  Compute.Hold hold(HeapMatrix factor) {
    if (held.isPresent()) {
      throw new IllegalStateException("A factor is held already");
    }
    held = Optional.of(new Held(factor, Optional.empty()));
    return () -> held = Optional.empty();
  }

  /** The first factor of a product. */
  Factor first(Form form, HeapMatrix x) {
    return factor(form, x, held.isPresent() ? beside : first);
  }

  /** The second factor of a product. */
  Factor second(Form form, HeapMatrix x) {
    return factor(form, x, second);
  }

  private Factor factor(Form form, HeapMatrix x, Memory own) {
    if (held.isEmpty() || !held.get().contains(x)) {
      return new Factor(form, own.round(x), x.stride());
    }
    HeapMatrix whole = held.get().factor();
    long rounded = held.get().rounded().orElseGet(() -> first.round(whole));
    held = Optional.of(new Held(whole, Optional.of(rounded)));
    long before = (x.address(0, 0) - whole.address(0, 0)) / Float.BYTES;
    return new Factor(form, rounded + Dtype.BF16.bytes() * before, x.stride());
  }

  /** Memory of one factor. */
  private final class Memory {
    private HalfVector values;
    private long length;

    /** Rounds a factor and returns the address of its first element. */
    long round(HeapMatrix x) {
      // Elements between the rows of a window are rounded too; that is one call less for each row.
      long count = (long) (x.rows() - 1) * x.stride() + x.columns();
      if (length < count) {
        if (values != null) {
          values.close();
        }
        values = HalfVector.allocate(Dtype.BF16, count);
        length = count;
      }
      long from = x.address(0, 0);
      long to = values.address(0);
      int step = step(count);
      workers.run(
          Math.toIntExact((count + step - 1) / step),
          (task, worker) -> {
            long at = Math.min((long) task * step, count - step);
            compiled[worker].rounding(step).run(from + 4 * at, to + 2 * at);
          });
      return to;
    }

    private static int step(long count) {
      for (int step : ROUNDED_AT_ONCE) {
        if (count >= step) {
          return step;
        }
      }
      return (int) count;
    }
  }
}
