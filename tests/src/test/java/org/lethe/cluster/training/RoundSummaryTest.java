package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.lethe.cluster.training.WorkerReport.StepFigures;
import org.lethe.compute.Vectors;
import org.lethe.direction.OptimizerState;
import org.lethe.objective.LossSum;
import org.nd4j.linalg.api.buffer.DataType;

final class RoundSummaryTest {
  private static final String INTEL = "SKYLAKEX, onednn-avx512";
  private static final String OLDER = "HASWELL, onednn-avx2";

  @Test
  void kernelsOfAllWorkersAreNamedOnce() {
    assertThat(kernels(INTEL, INTEL)).containsExactly(INTEL);
    assertThat(kernels(INTEL, OLDER, INTEL)).containsExactly(OLDER, INTEL);
  }

  /** A worker without rows computed nothing, so its processor has no part in the result. */
  @Test
  void anIdleWorkerHasNoKernel() {
    assertThat(kernels(INTEL, "")).containsExactly(INTEL);
  }

  private static List<String> kernels(String... ofWorkers) {
    List<WorkerReport> reports = Arrays.stream(ofWorkers).map(RoundSummaryTest::report).toList();
    RoundState state =
        new RoundState(
            1, 1, Vectors.of(DataType.DOUBLE, 0), new OptimizerState(new TreeMap<>()), 1, 0);
    return new RoundSummary(reports).metrics(state, 0.1, 1, 0, 0).kernels();
  }

  private static WorkerReport report(String kernel) {
    return new WorkerReport(
        0,
        1,
        LossSum.ZERO,
        LossSum.ZERO,
        LossSum.ZERO,
        StepFigures.NONE,
        0,
        1,
        1,
        1,
        0,
        1,
        kernel,
        "");
  }
}
