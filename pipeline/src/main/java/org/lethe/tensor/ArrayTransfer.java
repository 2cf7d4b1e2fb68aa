package org.lethe.tensor;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Bulk copies between heap arrays and contiguous FLOAT or DOUBLE arrays of ND4J. ND4J's own
 * conversions work element by element.
 */
final class ArrayTransfer {
  private ArrayTransfer() {}

  static void write(float[] source, int count, INDArray target, long from) {
    floats(target).getPointer(from).put(source, 0, count);
    Nd4j.getAffinityManager().tagLocation(target, AffinityManager.Location.HOST);
  }

  static void write(double[] source, int count, INDArray target, long from) {
    doubles(target).getPointer(from).put(source, 0, count);
    Nd4j.getAffinityManager().tagLocation(target, AffinityManager.Location.HOST);
  }

  static void read(INDArray source, long from, float[] target, int count) {
    floats(source).getPointer(from).get(target, 0, count);
  }

  static void read(INDArray source, long from, double[] target, int count) {
    doubles(source).getPointer(from).get(target, 0, count);
  }

  private static FloatPointer floats(INDArray array) {
    return new FloatPointer(address(array, DataType.FLOAT));
  }

  private static DoublePointer doubles(INDArray array) {
    return new DoublePointer(address(array, DataType.DOUBLE));
  }

  /** Pointer to the first element on the host. Closing it, or a cast of it, frees the array. */
  private static Pointer address(INDArray array, DataType expected) {
    if (array.dataType() != expected) {
      throw new IllegalArgumentException(
          "Invalid array: " + array.dataType() + ", expected " + expected);
    }
    if (!isContiguous(array)) {
      throw new IllegalArgumentException("Invalid array: not contiguous in C order");
    }
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    return array.data().addressPointer();
  }

  /** Whether the elements lie side by side in C order. */
  static boolean isContiguous(INDArray array) {
    long expected = 1;
    for (int i = array.rank() - 1; i >= 0; i--) {
      if (array.size(i) != 1) {
        if (array.stride(i) != expected) {
          return false;
        }
        expected *= array.size(i);
      }
    }
    return true;
  }
}
