package org.lethe.cluster.training.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.SparkFixture;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.ParameterLayout.Entry;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.objective.point.GradientFilter;
import org.lethe.objective.point.Selected;
import org.nd4j.linalg.api.buffer.DataType;

final class SharedFilterTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64})
  void workersChangeTheMatricesOfTheBlocksAsOneProcessDoes(int workers) {
    GradientFilter filter = new Selected(8, 0.01, 5, 1).filter().orElseThrow();
    try (Decoder decoder =
            Decoder.load(
                new LlamaConfig(
                        24, 40, 2, 4, 2, 6, 61, 64, 1e-5, 1e4, Optional.empty(), true, Set.of())
                    .architecture(),
                Adapter.full(),
                DataType.FLOAT,
                new RandomWeights(5));
        FlatVector given = decoder.parameters().math().copyOf(decoder.parameters());
        FlatVector alone = decoder.parameters().math().copyOf(decoder.parameters());
        FlatVector shared = decoder.parameters().math().copyOf(decoder.parameters())) {
      filter.apply(decoder.layout(), alone);
      SharedFilter.apply(SparkFixture.context(), filter, decoder.layout(), shared, workers);

      assertThat(Vectors.values(shared)).isEqualTo(Vectors.values(alone));
      for (Entry entry : decoder.layout().entries()) {
        boolean linear = entry.name().endsWith("proj.weight");
        double[] before = Vectors.values(decoder.layout().view(given, entry));
        double[] after = Vectors.values(decoder.layout().view(shared, entry));
        assertThat(java.util.Arrays.equals(before, after)).as(entry.name()).isEqualTo(!linear);
      }
    }
  }
}
