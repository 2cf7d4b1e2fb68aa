package org.lethe.cluster.reveal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.lethe.SparkFixture;

final class ScoringProgressTest {
  private final LongAccumulator statements = SparkFixture.context().sc().longAccumulator();
  private final List<String> lines = new ArrayList<>();
  private final ScoringProgress progress =
      new ScoringProgress(statements, 64, (done, total) -> lines.add(done + " of " + total));

  @Test
  void countsAreReportedOnceAndTheCompletionIsNot() {
    progress.counted();
    progress.counted();
    statements.add(32);
    progress.counted();
    statements.add(32);
    progress.counted();
    assertThat(lines).containsExactly("0 of 64", "32 of 64");
  }

  @Test
  void laterEventsAreIgnored() {
    progress.finish();
    statements.add(32);
    progress.counted();
    assertThat(lines).isEmpty();
  }
}
