package org.lethe.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.junit.jupiter.api.Test;
import org.lethe.SparkFixture;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.nd4j.linalg.api.buffer.DataType;

/** Lent and broadcast vectors have the same values. */
final class SentStateTest {
  private static final double[] VALUES = {1.5, -2, 0.125};

  @Test
  void tasksReadTheValuesOfTheDriver() {
    JavaSparkContext spark = SparkFixture.context();
    try (FlatVector vector = Vectors.of(DataType.FLOAT, VALUES);
        SentState lent = SentState.of(spark, List.of(vector));
        SentState broadcast = StateBroadcast.of(spark, List.of(vector))) {
      assertThat(lent).isInstanceOf(LentState.class);
      for (SentState sent : List.of(lent, broadcast)) {
        assertThat(spark.parallelize(List.of(0, 1), 2).map(read(sent)).collect())
            .containsExactly(VALUES, VALUES);
      }
    }
  }

  private static Function<Integer, double[]> read(StateHandle sent) {
    return task -> {
      try (FlatVector found = Vectors.of(DataType.FLOAT, new double[VALUES.length])) {
        sent.writeTo(List.of(found));
        return Vectors.values(found);
      }
    };
  }
}
