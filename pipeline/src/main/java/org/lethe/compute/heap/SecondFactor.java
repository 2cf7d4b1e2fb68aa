package org.lethe.compute.heap;

import java.util.HashMap;
import java.util.Map;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.platform.MachineMemory;

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

  /** Part of the spare memory that the copies of one decoder's weights may take. */
  private static final long SHARE = 8;

  private final Workers workers;
  private final HeapMatrix[] scratch;
  private final Map<Long, HeapMatrix> kept = new HashMap<>();
  private HeapMatrix whole;
  private int holders;
  private long room;

  SecondFactor(Workers workers) {
    this.workers = workers;
    scratch = new HeapMatrix[workers.threads()];
  }

  /**
   * Keeps widened copies of 16-bit weights until every holder has closed its hold: generating a
   * text reads all weights again for every token. Their number depends on the memory that is free;
   * products have the same bits without them.
   */
  Compute.Hold hold() {
    if (holders == 0) {
      room = MachineMemory.ofProcess().spare() / SHARE;
    }
    holders++;
    return this::release;
  }

  private void release() {
    holders--;
    if (holders == 0) {
      kept.values().forEach(HeapMatrix::close);
      kept.clear();
    }
  }

  /** The widened copy of held weights, made if there is room, or b itself. */
  Matrix held(Matrix b) {
    if (holders == 0 || !(b instanceof HalfMatrix half)) {
      return b;
    }
    HeapMatrix copy = kept.get(half.address());
    long bytes = (long) half.rows() * half.columns() * Float.BYTES;
    if (copy == null && bytes <= room) {
      copy = HeapMatrix.allocate(half.rows(), half.columns());
      widen(half, copy.address(0, 0));
      kept.put(half.address(), copy);
      room -= bytes;
    }
    return copy == null ? b : copy;
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
    widen(half, whole.address(0, 0));
    return whole.shaped(half.rows(), half.columns());
  }

  private void widen(HalfMatrix half, long address) {
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
