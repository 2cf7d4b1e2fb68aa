package org.lethe.compute.heap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.compute.heap.OneDnnPrimitive.PackedProduct;
import org.lethe.compute.heap.SecondFactor.Operand;

/**
 * Copies of weights in BFLOAT16, in the order in which oneDNN reads them. Products with few rows
 * wait for memory: the copies have half the bytes, and nothing is rounded again in every product.
 * They are valid while somebody holds the weights, which then do not change.
 */
final class KeptWeights {
  /** Most rows of a product that copies of FLOAT weights serve. */
  private static final int FEW = 48;

  private static final int SMALLEST = 64;

  private static final int PIECES = 8;
  private static final int SMALLEST_PIECE = 256;
  private static final int PIECE_ROUNDING = 64;

  /** Weights, as the second factor of a product. */
  private record Key(long address, int rows, int columns, int stride, Form form) {}

  /** Columns of a factor. */
  private record Piece(int from, int count, PackedFactor factor) {}

  private final Workers workers;
  private final OneDnn library;
  private final OneDnnCache[] compiled;
  private final SecondFactor widened;
  private final Map<Key, List<Piece>> kept = new HashMap<>();
  private int holders;

  /**
   * @param widened what widens weights in 16 bits before they are copied
   */
  KeptWeights(Workers workers, OneDnn library, OneDnnCache[] compiled, SecondFactor widened) {
    this.widened = widened;
    this.workers = workers;
    this.library = library;
    this.compiled = compiled;
  }

  /** Keeps copies until every holder has closed its hold. */
  Compute.Hold hold() {
    holders++;
    return this::release;
  }

  private void release() {
    holders--;
    if (holders == 0) {
      kept.values().forEach(pieces -> pieces.forEach(piece -> piece.factor().close()));
      kept.clear();
    }
  }

  /**
   * Whether c = alpha op(a) op(b), with c of [m, n] and k summands, is to use a copy of b. Weights
   * in F16 have to be widened and rounded otherwise, which shows with any number of rows.
   */
  boolean serves(Form formA, Matrix b, double alpha, int m, int n, int k) {
    return holders > 0
        && formA == Form.AS_IS
        && alpha == 1
        && (m <= FEW || b instanceof HalfMatrix)
        && Math.min(n, k) >= SMALLEST;
  }

  /**
   * c = a op(b) + beta c.
   *
   * @param a address of the first factor, in BFLOAT16
   * @param strideA elements from one row of a to the next
   * @param b a {@link HeapMatrix} or a {@link HalfMatrix}
   */
  void multiply(long a, int strideA, Form formB, Matrix b, double beta, HeapMatrix c) {
    int k = formB == Form.AS_IS ? b.rows() : b.columns();
    Key key = key(formB, b);
    List<Piece> pieces = kept.computeIfAbsent(key, absent -> copies(formB, b, k, c.columns()));
    workers.run(
        pieces.size(),
        (task, worker) -> {
          Piece piece = pieces.get(task);
          PackedProduct product =
              new PackedProduct(c.rows(), piece.count(), k, strideA, c.stride(), (float) beta);
          compiled[worker]
              .product(product, piece.factor())
              .run(a, piece.factor().address(), c.address(0, piece.from()));
        });
  }

  private static Key key(Form form, Matrix b) {
    return b instanceof HeapMatrix floats
        ? new Key(floats.address(0, 0), b.rows(), b.columns(), floats.stride(), form)
        : new Key(((HalfMatrix) b).address(), b.rows(), b.columns(), b.columns(), form);
  }

  /** Cut by shape only. */
  private List<Piece> copies(Form form, Matrix b, int k, int n) {
    int even = (n + PIECES - 1) / PIECES;
    int step =
        Math.max(SMALLEST_PIECE, (even + PIECE_ROUNDING - 1) / PIECE_ROUNDING * PIECE_ROUNDING);
    List<Piece> pieces = new ArrayList<>();
    for (int from = 0; from < n; from += step) {
      int count = Math.min(step, n - from);
      Operand columns = widened.columns(form, b, from, count, 0);
      PackedFactor factor =
          PackedFactor.of(library, k, count, form, columns.address(), columns.stride());
      pieces.add(new Piece(from, count, factor));
    }
    return pieces;
  }
}
