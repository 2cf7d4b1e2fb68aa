package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lethe.compute.Vectors;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;

/** Losses of groups of sequences, with a vocabulary so large that a group needs two chunks. */
final class SequenceLossTest {
  /** Large enough that only 13 rows of logits in DOUBLE exist at a time. */
  private static final int VOCABULARY = 600_000;

  private static final Architecture CONFIG =
      new LlamaConfig(
              4, 6, 1, 1, 1, 4, VOCABULARY, 64, 1e-5, 1000, Optional.empty(), true, Set.of())
          .architecture();
  private static final Batch PAIRS = Batch.of(List.of(row(8), row(9), row(3), row(4)));

  private static Example row(int completion) {
    return new Example("row", IntStream.range(0, completion + 2).map(i -> 7 * i).toArray(), 2);
  }

  /** The product of both sums, so that the slope of each sequence is the sum of the other. */
  private static final SequenceLoss PRODUCT =
      new SequenceLoss() {
        @Override
        public int groupSize() {
          return 2;
        }

        @Override
        public double apply(int group, double[] sums, double[] slopes) {
          slopes[0] = sums[1];
          slopes[1] = sums[0];
          return sums[0] * sums[1];
        }
      };

  @Test
  void aGroupCutIntoChunksHasTheSameGradient() {
    Adapter some = new Adapter.Chosen(List.of("layers.0"));
    try (Decoder decoder = Decoder.load(CONFIG, some, DataType.DOUBLE, new FormulaWeights());
        Gradients found = decoder.newGradients();
        Gradients expected = decoder.newGradients()) {
      double[] sums = decoder.forward(PAIRS).sums();
      List<Integer> chunks = new ArrayList<>();
      double[] slopes = {sums[1], sums[0], sums[3], sums[2]};
      decoder.accumulate(
          PAIRS,
          chunk -> {
            chunks.add(chunk.rows());
            chunk.tokenLosses();
            chunk.nllGradient(
                IntStream.of(chunk.sequences()).mapToDouble(b -> slopes[b]).toArray());
            return 0;
          },
          expected);
      double loss = decoder.accumulateSequences(PAIRS, PRODUCT, found);

      assertThat(chunks).containsExactly(8, 12, 4);
      assertThat(loss).isCloseTo(sums[0] * sums[1] + sums[2] * sums[3], within(1e-9 * loss));
      assertThat(Vectors.distance(found.flat(), expected.flat()))
          .isLessThan(1e-10 * Vectors.norm(expected.flat()));
    }
  }

  @Test
  void aBatchMustConsistOfGroups() {
    assertThatThrownBy(() -> new GroupedRows(PRODUCT, 3))
        .hasMessage("Invalid batch: 3 sequences, expected groups of 2");
  }
}
