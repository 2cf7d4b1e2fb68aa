package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lethe.text.Example;

final class SamplerTest {
  private static Sampler sampler(int count, String set, int batchSize, long seed, int worker) {
    List<Example> examples =
        IntStream.range(0, count)
            .mapToObj(i -> new Example("row-%05d".formatted(i), new int[2], 1))
            .toList();
    return new Sampler(examples, set, batchSize, seed, worker);
  }

  private static List<String> ids(List<Example> batch) {
    return batch.stream().map(Example::id).toList();
  }

  @Property(seed = "42", tries = 50)
  void anEpochSeesEveryExampleOnce(
      @ForAll @IntRange(min = 1, max = 300) int count,
      @ForAll @IntRange(min = 1, max = 9) int batchSize,
      @ForAll @IntRange(max = 3) int epoch) {
    Sampler sampler = sampler(count, "forget", batchSize, 7, 0);
    int size = Math.min(batchSize, count);
    List<String> seen = new ArrayList<>();
    long first = (long) epoch * count;
    for (long batch = first / size; seen.size() < first % size + count; batch++) {
      seen.addAll(ids(sampler.batch(batch)));
    }
    int skipped = (int) (first % size);
    assertThat(seen.subList(skipped, skipped + count)).hasSize(count).doesNotHaveDuplicates();
  }

  @Property(seed = "42", tries = 50)
  void aBatchDoesNotDependOnWhatWasAskedBefore(
      @ForAll long seed, @ForAll @IntRange(max = 500) int number) {
    Sampler walked = sampler(60, "forget", 8, seed, 1);
    walked.batch(3);
    walked.batch(400);
    assertThat(ids(walked.batch(number)))
        .isEqualTo(ids(sampler(60, "forget", 8, seed, 1).batch(number)));
  }

  @Test
  void workersSeedsSetsAndEpochsDiffer() {
    List<String> first = ids(sampler(200, "forget", 8, 1, 0).batch(0));
    assertThat(ids(sampler(200, "forget", 8, 1, 1).batch(0))).isNotEqualTo(first);
    assertThat(ids(sampler(200, "forget", 8, 2, 0).batch(0))).isNotEqualTo(first);
    assertThat(ids(sampler(200, "retain", 8, 1, 0).batch(0))).isNotEqualTo(first);
    assertThat(ids(sampler(200, "forget", 8, 1, 0).batch(25))).isNotEqualTo(first);
  }
}
