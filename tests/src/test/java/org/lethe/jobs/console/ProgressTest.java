package org.lethe.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.lethe.error.ExitClass;
import org.lethe.error.RunErrors;

final class ProgressTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void aBatchLogGetsFewLinesWithTheRemainingTime() {
    Progress progress = new Progress(new Terminal(out, out, false, now::get), "unlearn");
    for (int round = 0; round <= 100; round++) {
      progress.update(round, 100, "rounds", "");
      now.addAndGet(SECOND);
    }
    progress.finish("100 rounds");
    String[] lines = bytes.toString(StandardCharsets.UTF_8).split("\n");
    assertThat(lines).hasSizeLessThan(25);
    assertThat(lines[1]).isEqualTo("unlearn     5 % 5/100 rounds, 1 min 35 s left");
    assertThat(lines[lines.length - 1]).isEqualTo("unlearn   100 rounds (1 min 41 s)");
  }

  @Test
  void eachUnitHasItsOwnRemainingTimeAndStartsAgain() {
    Progress progress = new Progress(new Terminal(out, out, false, now::get), "reveal");
    shown(progress, 0, 10, "prompts", 60);
    shown(progress, 5, 10, "prompts", 5);
    shown(progress, 0, 64, "statements", 10);
    shown(progress, 32, 64, "statements", 5);
    shown(progress, 0, 96, "statements", 20);
    shown(progress, 32, 96, "statements", 20);
    shown(progress, 8, 10, "prompts", 0);
    assertThat(bytes.toString(StandardCharsets.UTF_8).split("\n"))
        .containsExactly(
            "reveal      0 % 0/10 prompts",
            "reveal     50 % 5/10 prompts, 1 min 00 s left",
            "reveal      0 % 0/64 statements",
            "reveal     50 % 32/64 statements, 10.0 s left",
            "reveal      0 % 0/96 statements",
            "reveal     33 % 32/96 statements, 40.0 s left",
            "reveal     80 % 8/10 prompts, 30.0 s left");
  }

  private void shown(Progress progress, long done, long total, String unit, long seconds) {
    progress.update(done, total, unit, "");
    now.addAndGet(seconds * SECOND);
  }

  @Test
  void aTerminalLineIsOverwritten() {
    Progress progress = new Progress(new Terminal(out, out, true, now::get), "evaluate");
    progress.update(1, 4, "rows", "a long detail");
    now.addAndGet(SECOND);
    progress.update(2, 4, "rows", "");
    progress.finish("4 rows");
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("\revaluate  [######..................] 1/4 rows");
    assertThat(text).contains("2/4 rows, 2.0 s left");
    assertThat(text.split("\r")[3]).startsWith("evaluate  4 rows (1.0 s)").endsWith("\n");
  }

  @Test
  void failuresOfTasksKeepTheirClass() {
    Throwable wrapped =
        new IllegalStateException("Job aborted", RunErrors.noEffect("all the same"));
    Failure failure = Failure.of(wrapped, "the log", "Lethe 1");
    assertThat(failure.exitClass()).isEqualTo(ExitClass.NO_EFFECT);
    assertThat(failure.message()).startsWith("Training changed nothing: all the same");
  }

  @Test
  void outOfMemoryAndFullDisksArePlatformErrors() {
    assertThat(
            Failure.of(
                new IllegalStateException(new OutOfMemoryError("Java heap space")), "l", "Lethe 1"))
        .extracting(Failure::exitClass, f -> f.message().substring(0, 39))
        .containsExactly(ExitClass.PLATFORM, "Out of memory: the Java heap ran out; l");
    assertThat(Failure.of(new IOException("No space left on device"), "l", "Lethe 1").exitClass())
        .isEqualTo(ExitClass.PLATFORM);
  }

  @Test
  void aDefectNamesThePlaceButNotTheText() {
    Throwable defect = new NumberFormatException("For input string: \"Jane Doe\"");
    assertThat(Failure.of(defect, "/x/lethe.log", "Lethe 1").message())
        .startsWith("Internal error: java.lang.NumberFormatException at ProgressTest.java:")
        .endsWith("details without messages are in /x/lethe.log");
    assertThat(Failure.trace(defect)).doesNotContain("Jane").contains("ProgressTest");
  }
}
