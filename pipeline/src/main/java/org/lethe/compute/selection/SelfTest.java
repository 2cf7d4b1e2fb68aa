package org.lethe.compute.selection;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.lethe.compute.Backend;

/** Runs every operation of a decoder and of its training on two backends and compares results. */
public final class SelfTest {
  /**
   * Result of one operation.
   *
   * @param operation name of the operation
   * @param difference norm of the difference of both results, relative to their norm
   */
  public record Result(String operation, double difference) {}

  /** An operation on random numbers. */
  interface Check {
    String name();

    /** Runs the operation. The same random numbers give the same operands on every backend. */
    float[] result(Backend backend, Random random);
  }

  private SelfTest() {}

  /** Compares all operations of the tested backend with those of the other backend. */
  public static List<Result> run(Backend tested, Backend other) {
    return checks()
        .map(
            check ->
                new Result(
                    check.name(),
                    difference(
                        check.result(tested, new Random(1)), check.result(other, new Random(1)))))
        .toList();
  }

  private static Stream<Check> checks() {
    return Stream.of(RowChecks.all(), LogitChecks.all(), AttentionChecks.all(), VectorCheck.all())
        .flatMap(checks -> checks);
  }

  static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double difference(float[] actual, float[] expected) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < actual.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / length);
  }
}
