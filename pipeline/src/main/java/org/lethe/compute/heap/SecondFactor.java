package org.lethe.compute.heap;

import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;

/**
 * The second factor b of a product, in FLOAT. Weights in 16 bits are widened into memory of the
 * worker that needs them, one piece of the product at a time, so that the result has the same bits
 * as with the same weights in FLOAT.
 */
final class SecondFactor {
  /**
   * Columns of op(b).
   *
   * @param address of the first element
   * @param stride elements from one row of b to the next
   */
  record Operand(long address, int stride) {}

  private final Workers workers;
  private final HeapMatrix[] scratch;
  private HeapMatrix whole;

  SecondFactor(Workers workers) {
    this.workers = workers;
    scratch = new HeapMatrix[workers.threads()];
  }

  /** Columns of op(b) for one worker, valid until its next call. */
  Operand columns(Form form, Matrix b, int from, int count, int worker) {
    if (b instanceof HeapMatrix floats) {
      return operand(form, floats, from);
    }
    HalfMatrix half = (HalfMatrix) b;
    if (form == Form.TRANSPOSED) {
      long address = scratch(worker, (long) count * half.columns());
      half.widen(from, count, 0, half.columns(), address, half.columns());
      return new Operand(address, half.columns());
    }
    long address = scratch(worker, (long) half.rows() * count);
    half.widen(0, half.rows(), from, count, address, count);
    return new Operand(address, count);
  }

  /** All of b for all workers, valid until the next call. */
  HeapMatrix whole(Matrix b) {
    if (b instanceof HeapMatrix floats) {
      return floats;
    }
    HalfMatrix half = (HalfMatrix) b;
    whole = atLeast(whole, (long) half.rows() * half.columns());
    long address = whole.address(0, 0);
    int height = Math.max(1, (half.rows() + workers.threads() - 1) / workers.threads());
    workers.run(
        (half.rows() + height - 1) / height,
        (task, worker) -> {
          int row = task * height;
          half.widen(
              row,
              Math.min(height, half.rows() - row),
              0,
              half.columns(),
              address + 4L * row * half.columns(),
              half.columns());
        });
    return whole.shaped(half.rows(), half.columns());
  }

  static Operand operand(Form form, HeapMatrix floats, int from) {
    return new Operand(
        form == Form.AS_IS ? floats.address(0, from) : floats.address(from, 0), floats.stride());
  }

  private long scratch(int worker, long elements) {
    scratch[worker] = atLeast(scratch[worker], elements);
    return scratch[worker].address(0, 0);
  }

  private static HeapMatrix atLeast(HeapMatrix existing, long elements) {
    if (existing != null && existing.elements() >= elements) {
      return existing;
    }
    if (existing != null) {
      existing.close();
    }
    return HeapMatrix.scratch(elements);
  }
}
