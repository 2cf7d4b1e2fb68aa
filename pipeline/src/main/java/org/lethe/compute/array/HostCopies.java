package org.lethe.compute.array;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Bulk copies between Java arrays and contiguous FLOAT or DOUBLE arrays of ND4J. For an array on a
 * device they go through its copy on the host. ND4J's own conversions work element by element.
 */
final class HostCopies {
  private HostCopies() {}

  /** Copies the whole array. */
  static void read(INDArray source, float[] to, int at) {
    int count = Math.toIntExact(source.length());
    if (source.dataType() == DataType.FLOAT) {
      new FloatPointer(host(source)).get(to, at, count);
      return;
    }
    double[] values = new double[count];
    new DoublePointer(host(source)).get(values, 0, count);
    for (int i = 0; i < count; i++) {
      to[at + i] = (float) values[i];
    }
  }

  static void read(INDArray source, double[] to, int at) {
    int count = Math.toIntExact(source.length());
    if (source.dataType() == DataType.DOUBLE) {
      new DoublePointer(host(source)).get(to, at, count);
      return;
    }
    float[] values = new float[count];
    new FloatPointer(host(source)).get(values, 0, count);
    for (int i = 0; i < count; i++) {
      to[at + i] = values[i];
    }
  }

  /** Overwrites the whole array. */
  static void write(float[] from, int at, INDArray target) {
    int count = Math.toIntExact(target.length());
    if (target.dataType() == DataType.FLOAT) {
      new FloatPointer(host(target)).put(from, at, count);
    } else {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        values[i] = from[at + i];
      }
      new DoublePointer(host(target)).put(values, 0, count);
    }
    wroteHost(target);
  }

  static void write(double[] from, int at, INDArray target) {
    int count = Math.toIntExact(target.length());
    if (target.dataType() == DataType.DOUBLE) {
      new DoublePointer(host(target)).put(from, at, count);
    } else {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) from[at + i];
      }
      new FloatPointer(host(target)).put(values, 0, count);
    }
    wroteHost(target);
  }

  /**
   * Pointer to the first element on the host. Do not close it or a cast of it: that frees the
   * array.
   */
  private static Pointer host(INDArray array) {
    if (array.length() > 1 && array.elementWiseStride() != 1) {
      throw new IllegalArgumentException(
          "Invalid array: stride " + array.elementWiseStride() + ", expected 1");
    }
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    return array.data().addressPointer();
  }

  private static void wroteHost(INDArray array) {
    Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
  }
}
