package org.lethe.tensor;

import java.nio.ByteBuffer;

/**
 * Location of a tensor in a file.
 *
 * @param info name, dtype and shape
 * @param file the file
 * @param position of the first byte
 */
record TensorPlace(TensorInfo info, TensorFile file, long position) {
  /** Reads a part of a floating tensor. Rounds F64. */
  void read(long from, float[] target, int offset, int total) {
    Dtype dtype = info.dtype();
    for (int done = 0; done < total; ) {
      ByteBuffer slice = slice(from + done, total - done);
      int count = slice.remaining() / dtype.bytes();
      int at = offset + done;
      switch (dtype) {
        case F32 -> slice.asFloatBuffer().get(target, at, count);
        case F16 -> {
          for (int i = 0; i < count; i++) {
            target[at + i] = Half.fromF16(slice.getShort(2 * i));
          }
        }
        case BF16 -> {
          for (int i = 0; i < count; i++) {
            target[at + i] = Half.fromBf16(slice.getShort(2 * i));
          }
        }
        default -> {
          for (int i = 0; i < count; i++) {
            target[at + i] = (float) slice.getDouble(8 * i);
          }
        }
      }
      done += count;
    }
  }

  /** Reads a part of a floating tensor. */
  void read(long from, double[] target, int total) {
    Dtype dtype = info.dtype();
    for (int done = 0; done < total; ) {
      ByteBuffer slice = slice(from + done, total - done);
      int count = slice.remaining() / dtype.bytes();
      switch (dtype) {
        case F64 -> slice.asDoubleBuffer().get(target, done, count);
        case F32 -> {
          for (int i = 0; i < count; i++) {
            target[done + i] = slice.getFloat(4 * i);
          }
        }
        case F16 -> {
          for (int i = 0; i < count; i++) {
            target[done + i] = Half.fromF16(slice.getShort(2 * i));
          }
        }
        default -> {
          for (int i = 0; i < count; i++) {
            target[done + i] = Half.fromBf16(slice.getShort(2 * i));
          }
        }
      }
      done += count;
    }
  }

  /** Elements from one on, as many as one chunk contains. */
  ByteBuffer slice(long element, long count) {
    int bytes = info.dtype().bytes();
    return file.slice(position + element * bytes, count * bytes, bytes);
  }
}
