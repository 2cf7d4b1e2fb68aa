package org.lethe.cluster.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.corpus.ShardFixture;
import org.lethe.corpus.input.ShardRow;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSettings.Generation;
import org.lethe.text.Example;

final class LargeSetSampleTest {
  @TempDir Path folder;

  @Test
  void aLargeSetIsSampledBySeedAndId() {
    List<Example> examples = ShardFixture.examples("r", 60, 50);
    List<String> one = List.of(write("all", examples));
    List<String> two =
        List.of(write("a", examples.subList(40, 60)), write("b", examples.subList(0, 40)));

    List<String> drawn = ids(one, 8, 42, 10);

    assertThat(drawn).hasSize(8).doesNotHaveDuplicates();
    assertThat(ids(two, 8, 42, 10)).isEqualTo(drawn);
    assertThat(ids(one, 8, 43, 10)).isNotEqualTo(drawn);
    assertThat(ids(one, 9, 42, 10)).containsAll(drawn);
  }

  @Test
  void otherSetsAreReadWhole() {
    List<String> file = List.of(write("all", ShardFixture.examples("r", 60, 50)));

    assertThat(ids(file, 8, 42, 60)).hasSize(60).startsWith("r-0", "r-1");
    assertThat(ids(file, EvaluationSettings.ALL_ROWS, 42, 10)).hasSize(60);
  }

  private List<String> ids(List<String> files, int limit, long seed, long wholeRows) {
    EvaluationSettings settings = new EvaluationSettings(4, Generation.NONE, 8, 8, limit, seed);
    return new LargeSetSample(files, settings, new Configuration(), wholeRows)
        .rows().stream().map(ShardRow::id).toList();
  }

  private String write(String name, List<Example> examples) {
    return ShardFixture.write(folder.resolve(name + ".parquet"), examples);
  }
}
