package org.lethe.compute;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.lethe.compute.selection.Backends;
import org.lethe.tensor.TensorValues;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Converts between flat vectors and numbers. */
public final class Vectors {
  private Vectors() {}

  public static FlatVector of(DataType type, double... values) {
    return of(Backends.of(type), values);
  }

  public static FlatVector of(Backend backend, double... values) {
    FlatVector vector = backend.vectors().zeros(values.length);
    vector.put(0, values, 0, values.length);
    return vector;
  }

  /** A vector of normally distributed values. */
  public static FlatVector normal(Backend backend, int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return of(backend, random.doubles(length).map(u -> gaussian(u, random)).toArray());
  }

  private static double gaussian(double uniform, SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - uniform)) * Math.cos(2 * Math.PI * random.nextDouble());
  }

  public static double[] values(TensorValues tensor) {
    double[] values = new double[Math.toIntExact(tensor.length())];
    tensor.get(0, values, 0, values.length);
    return values;
  }

  /** Values of vectors by name, for comparisons. */
  public static Map<String, List<Double>> values(Map<String, FlatVector> vectors) {
    Map<String, List<Double>> values = new TreeMap<>();
    vectors.forEach(
        (name, vector) -> values.put(name, Arrays.stream(values(vector)).boxed().toList()));
    return values;
  }

  public static double value(TensorValues tensor, long index) {
    double[] value = new double[1];
    tensor.get(index, value, 0, 1);
    return value[0];
  }

  public static void set(TensorValues tensor, long index, double value) {
    tensor.put(index, new double[] {value}, 0, 1);
  }

  /** |a - b|. */
  public static double distance(TensorValues a, TensorValues b) {
    double[] x = values(a);
    double[] y = values(b);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - y[i]) * (x[i] - y[i]);
    }
    return Math.sqrt(sum);
  }

  /** A copy as an ND4J array of the tensor's type and shape. */
  public static INDArray array(TensorValues tensor) {
    return Nd4j.createFromArray(values(tensor)).castTo(tensor.type()).reshape('c', tensor.shape());
  }

  /** Overwrites the tensor. */
  public static void assign(TensorValues tensor, INDArray values) {
    double[] all = values.dup('c').data().asDouble();
    tensor.put(0, all, 0, all.length);
  }

  public static void scale(double factor, FlatVector vector) {
    vector.math().axpby(0, vector, factor, vector);
  }

  /** |a|. */
  public static double norm(TensorValues tensor) {
    return array(tensor).castTo(DataType.DOUBLE).norm2Number().doubleValue();
  }
}
