package org.lethe.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.metrics.source.Source;
import org.junit.jupiter.api.Test;
import org.lethe.SparkFixture;
import org.lethe.cluster.training.RoundMetrics;
import org.lethe.spark.RunMetrics;
import scala.jdk.javaapi.CollectionConverters;

final class ShownRoundsTest {
  private static final String NEWER = "SKYLAKEX, onednn-avx512";
  private static final String OLDER = "HASWELL, onednn-avx2";

  private static final RunMetrics METRICS = RunMetrics.of(SparkFixture.context());

  private final AtomicLong now = new AtomicLong();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final ShownRounds rounds =
      new ShownRounds(new Progress(new Terminal(out, out, false, now::get), "unlearn"), METRICS);

  @Test
  void eachRoundHasALineWithLossesAndTheTimeLeft() {
    rounds.started(0, 3);
    for (int round = 1; round <= 3; round++) {
      now.addAndGet(500_000_000L);
      rounds.roundFinished(metrics(round, 10, List.of(NEWER)), 3);
    }
    assertThat(lines())
        .containsExactly(
            "unlearn     0 % 0/3 rounds",
            "unlearn    33 % 1/3 rounds, 1.0 s left  forget loss 2.500, retain loss 0.250",
            "unlearn    66 % 2/3 rounds, 0.5 s left  forget loss 2.500, retain loss 0.250",
            "unlearn   100 % 3/3 rounds  forget loss 2.500, retain loss 0.250");
    assertThat(rounds.summary()).isEqualTo("3 rounds, forget loss 2.500, retain loss 0.250");
  }

  @Test
  void executorsWithDifferentKernelsAreNamedOnce() {
    rounds.started(0, 3);
    rounds.roundFinished(metrics(1, 10, List.of(NEWER)), 3);
    rounds.roundFinished(metrics(2, 10, List.of(OLDER, NEWER)), 3);
    rounds.roundFinished(metrics(3, 10, List.of(OLDER, NEWER)), 3);
    assertThat(lines().filter(line -> line.startsWith("note: ")))
        .containsExactly(
            "note: the executors compute with different kernels (HASWELL, onednn-avx2; SKYLAKEX,"
                + " onednn-avx512), so another run may differ in the last bits; use executors with"
                + " the same processors, or set spark.executorEnv.OPENBLAS_CORETYPE to a kernel"
                + " that all of them have");
  }

  @Test
  void aLossWithoutRowsIsNotShown() {
    rounds.roundFinished(metrics(1, 0, List.of()), 2);
    assertThat(lines()).containsExactly("unlearn    50 % 1/2 rounds  loss 0.250");
  }

  /** A sink of Spark reads what the metrics system has registered. */
  @Test
  void sparksMetricsHaveTheFigures() {
    rounds.roundFinished(metrics(2, 10, List.of(NEWER)), 3);
    Map<String, Object> gauges = new TreeMap<>();
    for (Source source :
        CollectionConverters.asJava(
            org.apache.spark.SparkEnv.get().metricsSystem().getSourcesByName(RunMetrics.SOURCE))) {
      source.metricRegistry().getGauges().forEach((name, g) -> gauges.put(name, g.getValue()));
    }
    assertThat(gauges)
        .containsEntry("round", 2.0)
        .containsEntry("rounds", 3.0)
        .containsEntry("round-seconds", 1.0)
        .containsEntry("tokens-per-second", 100.0)
        .containsEntry("rows-per-second", 20.0)
        .containsKeys("bytes-read", "bytes-written")
        .containsEntry("forget-loss", 2.5)
        .containsEntry("retain-loss", 0.25);
  }

  private Stream<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines();
  }

  private static RoundMetrics metrics(int round, long forgetExamples, List<String> kernels) {
    return new RoundMetrics(
        round,
        round,
        2.5,
        0.25,
        0,
        0,
        0,
        0,
        0,
        0,
        0.1,
        forgetExamples,
        10,
        100,
        1,
        1,
        0,
        0,
        0,
        List.of(),
        kernels);
  }
}
