package org.lethe.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SharedFolder;
import org.lethe.SparkFixture;
import org.lethe.corpus.TokenizerSource;
import org.lethe.corpus.input.RowFilter;
import org.lethe.text.TextSettings;

/** Uses real data and a real tokenizer; skipped without {@link SharedFolder}. */
final class LumeShardsTest {
  @TempDir Path folder;

  @Test
  void lumeHasThePublishedRowCounts() {
    Optional<Path> lume = SharedFolder.find("data/lume");
    Optional<Path> stories = SharedFolder.find("models/stories15M");
    assumeThat(lume).as("folder of LUME").isPresent();
    assumeThat(stories).as("folder of stories15M").isPresent();
    ShardSettings settings =
        SharderTest.settings(lume.get().resolve("forget.jsonl"), lume.get().resolve("retain.jsonl"))
            .workers(2)
            .where(RowFilter.where(Map.of("task", Set.of("Task2"))))
            .build();
    URI model = stories.get().toUri();

    ShardReport report =
        new Sharder(
                SparkFixture.session(),
                new TokenizerSource(model, folder.toString(), TextSettings.DEFAULT))
            .run(settings, new org.apache.hadoop.fs.Path(folder.resolve("shards").toUri()));

    assertThat(report.forget().read()).isEqualTo(2732);
    assertThat(report.retain().read()).isEqualTo(2734);
    assertThat(report.forget().rows()).isEqualTo(1500);
    assertThat(report.retain().rows()).isEqualTo(1500);
    assertThat(report.overlap().rows()).isZero();
    assertThat(report.forget().quarantined() + report.retain().quarantined()).isZero();
    assertThat(report.forget().duplicates() + report.retain().duplicates()).isZero();
    long half = report.forget().tokens() / 2;
    assertThat(report.forget().shards())
        .allSatisfy(shard -> assertThat(shard.tokens()).isBetween(half - 1, half + 1));
  }
}
