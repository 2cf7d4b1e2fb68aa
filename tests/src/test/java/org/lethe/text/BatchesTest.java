package org.lethe.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class BatchesTest {
  private static List<Example> examples(int count) {
    Random random = new Random(1);
    return IntStream.range(0, count)
        .mapToObj(i -> new Example("row-%05d".formatted(i), new int[2 + random.nextInt(60)], 1))
        .toList();
  }

  private static List<String> ids(Batch batch) {
    return batch.examples().stream().map(Example::id).toList();
  }

  @Property(seed = "42", tries = 50)
  void anEpochSeesEveryExampleOnce(
      @ForAll @IntRange(min = 1, max = 300) int count,
      @ForAll @IntRange(min = 1, max = 9) int batchSize,
      @ForAll @IntRange(max = 3) int epoch) {
    TrainingBatches batches = new TrainingBatches(examples(count), batchSize, 7, 0);
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < batches.batchesPerEpoch(); i++) {
      seen.addAll(ids(batches.at((long) epoch * batches.batchesPerEpoch() + i)));
    }
    assertThat(seen).hasSize(count).doesNotHaveDuplicates();
  }

  @Property(seed = "42", tries = 50)
  void aStepDependsOnSeedWorkerAndStepAlone(
      @ForAll long seed, @ForAll @IntRange(max = 500) int step) {
    List<Example> shuffled = new ArrayList<>(examples(60));
    Collections.shuffle(shuffled, new Random(seed));
    TrainingBatches walked = new TrainingBatches(examples(60), 8, seed, 1);
    walked.at(3);
    walked.at(400);
    assertThat(ids(walked.at(step)))
        .isEqualTo(ids(new TrainingBatches(shuffled, 8, seed, 1).at(step)));
  }

  @Test
  void workersSeedsAndEpochsDiffer() {
    List<Example> examples = examples(200);
    List<String> first = ids(new TrainingBatches(examples, 8, 1, 0).at(0));
    assertThat(ids(new TrainingBatches(examples, 8, 1, 1).at(0))).isNotEqualTo(first);
    assertThat(ids(new TrainingBatches(examples, 8, 2, 0).at(0))).isNotEqualTo(first);
    assertThat(ids(new TrainingBatches(examples, 8, 1, 0).at(25))).isNotEqualTo(first);
  }

  @Test
  void bucketsSavePadding() {
    List<Example> examples = examples(800);
    TrainingBatches batches = new TrainingBatches(examples, 8, 1, 0);
    long padded = 0;
    for (int i = 0; i < batches.batchesPerEpoch(); i++) {
      padded += batches.at(i).tokens().length;
    }
    long tokens = examples.stream().mapToLong(e -> e.tokens().length).sum();
    assertThat(padded).isLessThan(tokens * 108 / 100);
  }

  @Test
  void evaluationSeesAllLongestFirst() {
    List<Batch> batches = Batches.forEvaluation(examples(37), 8);
    assertThat(batches.stream().mapToInt(Batch::size)).containsExactly(8, 8, 8, 8, 5);
    assertThat(batches.stream().mapToInt(Batch::length).boxed().toList())
        .isSortedAccordingTo(Collections.reverseOrder());
  }
}
