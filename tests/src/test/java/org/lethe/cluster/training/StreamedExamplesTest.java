package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.corpus.ShardFixture;
import org.lethe.text.Example;

final class StreamedExamplesTest {
  private static final int ROWS = 9000;

  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  @Test
  void examplesAreThoseOfTheFilesInOrder() {
    List<Example> first = examples("a", ROWS);
    List<Example> second = examples("b", 10);
    StreamedExamples streamed =
        new StreamedExamples(List.of(write("a", first), write("b", second)), hadoop);
    List<Example> all = new ArrayList<>(first);
    all.addAll(second);

    assertThat(streamed.groupSizes()).hasSizeGreaterThan(2);
    assertThat(digests(streamed)).isEqualTo(digests(all));
    assertThatThrownBy(() -> streamed.get(ROWS + 10))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Invalid index: 9010, expected 0 to 9009");
  }

  @Test
  void everyEpochVisitsEachExampleOnceAndReadsGroupAfterGroup() {
    int[] sizes = {5, 1, 7};
    GroupedOrder order = new GroupedOrder(42, sizes);
    List<List<Integer>> epochs = new ArrayList<>();
    for (long epoch = 0; epoch < 3; epoch++) {
      List<Integer> visited = new ArrayList<>();
      for (int position = 0; position < 13; position++) {
        visited.add(order.at(epoch, position));
      }
      assertThat(visited).doesNotHaveDuplicates().allMatch(index -> index >= 0 && index < 13);
      assertThat(changes(visited)).isEqualTo(2);
      epochs.add(visited);
    }
    assertThat(Set.copyOf(epochs)).hasSize(3);
    assertThat(new GroupedOrder(42, sizes).at(2, 4)).isEqualTo(epochs.get(2).get(4));
  }

  @Test
  void batchesDependOnSeedWorkerAndNumberAlone() {
    String file = write("a", examples("a", ROWS));
    Sampler sampler = sampler(file, 1);
    List<String> tenth = ids(sampler.batch(10));
    Set<String> seen = new HashSet<>();
    for (int batch = 0; batch < ROWS / 8; batch++) {
      seen.addAll(ids(sampler.batch(batch)));
    }

    assertThat(seen).hasSize(ROWS);
    assertThat(ids(sampler(file, 1).batch(10))).isEqualTo(tenth);
    assertThat(ids(sampler(file, 2).batch(10))).isNotEqualTo(tenth);
  }

  private static List<String> digests(List<Example> examples) {
    return examples.stream()
        .map(e -> e.id() + " " + Arrays.hashCode(e.tokens()) + " " + e.promptTokens())
        .toList();
  }

  private Sampler sampler(String file, int worker) {
    return new Sampler(new StreamedExamples(List.of(file), hadoop), "retain", 8, 7, worker);
  }

  /** Returns the number of times that an order moves to another group of {5, 1, 7}. */
  private static int changes(List<Integer> visited) {
    int changes = 0;
    for (int i = 1; i < visited.size(); i++) {
      changes += group(visited.get(i)) == group(visited.get(i - 1)) ? 0 : 1;
    }
    return changes;
  }

  private static int group(int index) {
    return index < 5 ? 0 : index < 6 ? 1 : 2;
  }

  private static List<String> ids(List<Example> batch) {
    return batch.stream().map(Example::id).toList();
  }

  private String write(String name, List<Example> examples) {
    return ShardFixture.write(folder.resolve(name + ".parquet"), examples);
  }

  /** Returns long examples, so that a file has several row groups. */
  private static List<Example> examples(String name, int count) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      examples.add(new Example(name + "-" + i, random.ints(1300, 1, 1 << 30).toArray(), 2));
    }
    return examples;
  }
}
