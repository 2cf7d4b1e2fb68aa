package org.lethe.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;
import org.lethe.corpus.input.CharacterEncoder;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.PairDigest;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.corpus.shard.ShardSettings.Overlap;

/** The bytes of shards do not depend on tasks, and neither do counts and samples. */
final class ShardBytesTest {
  private final SharderTest shards = new SharderTest();

  @TempDir Path folder;

  @BeforeEach
  void useOwnFolder() {
    shards.folder = folder;
  }

  @Test
  void sameInputsGiveSameBytesForAnyNumberOfTasks() throws IOException {
    SharderTest.Settings settings = mixed().workers(3);
    long bytes = Files.size(folder.resolve("retain.jsonl"));

    ShardReport whole = shards.shard(settings);
    Map<String, byte[]> expected = shards.shardBytes();
    for (int tasks : new int[] {2, 8}) {
      ShardReport cut =
          new Sharder(
                  SparkFixture.session(),
                  CharacterEncoder.SOURCE,
                  new Sharder.Grain(bytes / tasks + 1, 300 / tasks))
              .run(settings.build(), shards.output());

      assertThat(cut).as("%d tasks", tasks).isEqualTo(whole);
      assertThat(shards.shardBytes()).containsOnlyKeys(expected.keySet());
      shards
          .shardBytes()
          .forEach((name, found) -> assertThat(found).as(name).isEqualTo(expected.get(name)));
    }
  }

  /** The digests are those of the version that planned all rows on the driver (commit 676d3b5). */
  @Test
  void theBytesOfShardsAreThoseOfEarlierVersions() {
    ShardReport report = shards.shard(mixed().workers(3));

    assertThat(report.forget().shards())
        .extracting(shard -> shard.sha256().substring(0, 16))
        .containsExactly("c76cdd58fb9fd31e", "ce32ca292ccaef38", "5e74618b86610ba9");
    assertThat(report.retain().shards())
        .extracting(shard -> shard.sha256().substring(0, 16))
        .containsExactly("a6123b26727b56e6", "df856690d2cbff72", "99ddc8115ab20f4b");
  }

  @Test
  void countsAreThoseOfOnePassInInputOrder() {
    ShardReport report = shards.shard(mixed());

    // Worked out by hand from the rule in mixed().
    assertThat(report.retain().read()).isEqualTo(300);
    assertThat(report.retain().reasons()).containsExactly(Map.entry("duplicate-id", 3L));
    assertThat(report.retain().examples())
        .extracting(ShardReport.QuarantinedRow::line, ShardReport.QuarantinedRow::id)
        .containsExactly(tuple(98L, "R0"), tuple(195L, "R0"), tuple(292L, "R0"));
    assertThat(report.retain().duplicates()).isEqualTo(7);
    assertThat(report.overlap().rows()).isEqualTo(2);
    assertThat(report.overlap().examples())
        .extracting(ShardReport.OverlappingRow::forgetId, ShardReport.OverlappingRow::retainId)
        .containsExactly(tuple("F5", "R100"), tuple("F7", "R200"));
    assertThat(report.retain().rows()).isEqualTo(300 - 3 - 7 - 2);
  }

  @Test
  void aSampleOfTheRetainCorpusDependsOnSeedAndDigestAlone() {
    ShardReport report = shards.shard(mixed().sample(RetainSample.of(50)).workers(2));
    List<String> first = shards.ids(CorpusSet.RETAIN, 2);
    new Sharder(SparkFixture.session(), CharacterEncoder.SOURCE, new Sharder.Grain(999, 7))
        .run(mixed().sample(RetainSample.of(50)).workers(1).build(), shards.output());

    assertThat(first).hasSize(50);
    assertThat(shards.ids(CorpusSet.RETAIN, 1)).containsExactlyInAnyOrderElementsOf(first);
    assertThat(report.retain().notSampled()).isEqualTo(288 - 50);
    assertThat(report.forget().rows()).isEqualTo(40);
    assertThat(report.forget().notSampled()).isZero();
    shards.shard(mixed().sample(RetainSample.of(50)).seed(43));
    assertThat(shards.ids(CorpusSet.RETAIN, 1)).hasSize(50).doesNotContainSequence(first);
    shards.shard(mixed().sample(RetainSample.of(288)));
    assertThat(shards.ids(CorpusSet.RETAIN, 1)).hasSize(288);
  }

  @Test
  void aSampleIsDrawnFromTheFirstRowsOfALimit() {
    ShardReport report = shards.shard(mixed().limit(30).sample(RetainSample.of(10)));

    assertThat(shards.ids(CorpusSet.RETAIN, 1))
        .hasSize(10)
        .allSatisfy(id -> assertThat(Integer.parseInt(id.substring(1))).isLessThan(30));
    assertThat(report.forget().rows()).isEqualTo(30);
    assertThat(report.retain().notSampled()).isEqualTo(20);
  }

  @Test
  void neighboursOfForgetRowsAreSampledFirst() {
    String[] retain = new String[3000];
    for (int i = 0; i < retain.length; i++) {
      String name = i % 1000 == 7 ? "Farrów" : "Wenning";
      retain[i] = SharderTest.record("R" + i, "Who is " + name + "?", "A keeper " + i + ".");
    }
    Path forget = shards.lines("forget", SharderTest.record("F0", "Who is FARRÓW?", "Odile."));
    SharderTest.Settings settings = SharderTest.settings(forget, shards.lines("retain", retain));

    ShardReport report = shards.shard(settings.sample(new RetainSample(OptionalLong.of(20), 0.5)));

    assertThat(shards.ids(CorpusSet.RETAIN, 1)).hasSize(20).contains("R7", "R1007", "R2007");
    assertThat(report.retain().near()).isEqualTo(3);
    assertThat(shards.shard(settings.sample(RetainSample.of(20))).retain().near()).isZero();
  }

  @Test
  void rowsOfTheExclusionListAreLeftOut() {
    RowSchema list = RowSchema.of("list", Column.string("digest"), Column.string("why"));
    Path file = folder.resolve("exclude.parquet");
    RowFiles.write(
        list,
        List.of(list.row(PairDigest.of("Prompt 1 of R?", "Completion x."), "found")).iterator(),
        new org.apache.hadoop.fs.Path(file.toUri()),
        new Configuration());

    ShardReport report = shards.shard(mixed().exclude(file));

    assertThat(report.retain().excluded()).isEqualTo(1);
    assertThat(report.retain().rows()).isEqualTo(287);
    assertThat(shards.ids(CorpusSet.RETAIN, 1)).contains("R2").doesNotContain("R1");
  }

  /**
   * Forty forget rows and three hundred retain rows. Of the latter, every 97th has a taken id,
   * every 41st repeats the row before it, and two are in the forget corpus.
   */
  static SharderTest.Settings mixed(SharderTest shards) {
    String[] retain = new String[300];
    for (int i = 0; i < retain.length; i++) {
      String id = i > 0 && i % 97 == 0 ? "R0" : "R" + i;
      int text = i > 0 && i % 41 == 0 ? i - 1 : i;
      retain[i] =
          i == 100 || i == 200
              ? SharderTest.record(
                  id,
                  "Prompt " + (3 + i / 50) + " of F?",
                  "Completion " + "x".repeat(3 + i / 50) + ".")
              : SharderTest.record(
                  id, "Prompt " + text + " of R?", "Completion " + "x".repeat(text % 20) + ".");
    }
    return mixed(shards.jsonLines("forget", 40, "F"), shards.lines("retain", retain));
  }

  /** Returns settings that accept the corpora of {@link #mixed()}. */
  static SharderTest.Settings mixed(Path forget, Path retain) {
    return SharderTest.settings(forget, retain)
        .overlap(Overlap.DROP_FROM_RETAIN)
        .quarantineLimit(0.1);
  }

  private SharderTest.Settings mixed() {
    return mixed(shards);
  }
}
