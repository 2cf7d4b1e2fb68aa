package org.lethe.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.TokenizerSource;
import org.lethe.corpus.input.ShardRow;
import org.lethe.text.ChatSettings;
import org.lethe.text.TextSettings;
import org.lethe.text.TextSettings.ControlTokenRows;
import org.lethe.text.TokenizerTrainer;
import org.lethe.text.TrainedTokenizer;

/** Rows in which control tokens of the model stand. */
final class ControlTokenRowsTest {
  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void setUp() throws IOException {
    model = Files.createDirectory(folder.resolve("model"));
    TokenizerTrainer.train(List.<String>of().iterator(), 259).writeTo(model);
    Files.writeString(
        folder.resolve("rows.jsonl"),
        """
        {"id":"end","input":"The code is","output":"</s> seven"}
        {"id":"begin","input":"<s> The dog is","output":"Rex"}
        {"id":"plain","input":"The cat is","output":"Tom"}
        """);
  }

  private ShardReport shard(ControlTokenRows rows, Path shards) {
    return shard(rows, shards, new Sharder.Grain(1 << 20, 100));
  }

  private ShardReport shard(ControlTokenRows rows, Path shards, Sharder.Grain grain) {
    TextSettings text = new TextSettings(TextSettings.Template.NONE, ChatSettings.DEFAULT, rows);
    Path corpus = folder.resolve("rows.jsonl");
    return new Sharder(
            SparkFixture.session(),
            new TokenizerSource(model.toUri(), folder.toString(), text),
            grain)
        .run(
            SharderTest.settings(corpus, corpus)
                .overlap(ShardSettings.Overlap.ALLOW)
                .quarantineLimit(1)
                .build(),
            new org.apache.hadoop.fs.Path(shards.toUri()));
  }

  @Test
  void splitRowsHoldTheTokensAsText() {
    Path shards = folder.resolve("split");
    ShardReport report = shard(ControlTokenRows.SPLIT, shards);

    assertThat(report.forget().quarantined()).isZero();
    List<ShardRow> rows =
        report.forget().shards().stream()
            .flatMap(
                shard ->
                    ShardReader.read(
                        shards.resolve(shard.file()).toUri(),
                        SparkFixture.session().sparkContext().hadoopConfiguration())
                        .stream())
            .toList();
    assertThat(rows)
        .hasSize(3)
        .allSatisfy(
            row -> {
              assertThat(row.tokens()).startsWith(TrainedTokenizer.BEGIN_TOKEN);
              assertThat(row.tokens()).endsWith(TrainedTokenizer.END_TOKEN);
              assertThat(Arrays.stream(row.tokens()).filter(t -> t <= TrainedTokenizer.END_TOKEN))
                  .hasSize(2);
            });
  }

  @Test
  void rowsSetAsideAreCounted() {
    ShardReport report = shard(ControlTokenRows.SET_ASIDE, folder.resolve("aside"));

    assertThat(report.forget().rows()).isEqualTo(1);
    assertThat(report.forget().reasons())
        .containsExactly(
            Map.entry("control-token input", 1L), Map.entry("control-token output", 1L));
    assertThat(report.retain().quarantined()).isEqualTo(2);
  }

  @Test
  void rowsSetAsideDoNotDependOnTheNumberOfTasks() throws IOException {
    Path one = folder.resolve("one");
    Path many = folder.resolve("many");
    shard(ControlTokenRows.SET_ASIDE, one);
    shard(ControlTokenRows.SET_ASIDE, many, new Sharder.Grain(30, 1));

    for (String file : List.of("report.json", "quarantine/forget.parquet")) {
      assertThat(many.resolve(file)).hasSameBinaryContentAs(one.resolve(file));
    }
  }
}
