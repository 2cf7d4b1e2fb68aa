package org.lethe.jobs.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lethe.evaluation.attack.AttackSettings;
import org.lethe.evaluation.attack.Attacks;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.tensor.Dtype;

/** The models that attacks hold side by side, by number of workers. */
final class AttackMemoryTest {
  private static final Architecture SMALL =
      new LlamaConfig(16, 24, 2, 4, 2, 4, 40, 32, 1e-5, 10_000, Optional.empty(), true, Set.of())
          .architecture();
  private static final long WEIGHTS = 4 * SMALL.parameters();

  @Test
  void aRoundedCopyAndTheInitialModelAreCounted() {
    assertThat(weights(List.of("direct", "prefix"), 1)).isEqualTo(WEIGHTS);
    assertThat(weights(List.of("quantised-4"), 1)).isEqualTo(2 * WEIGHTS);
    // One rounded copy at a time.
    assertThat(weights(List.of("quantised-4", "quantised-8"), 1)).isEqualTo(2 * WEIGHTS);
    assertThat(weights(List.of("quantised-4", "logit-lens", "divergence"), 1))
        .isEqualTo(3 * WEIGHTS);
  }

  @Test
  void moreWorkersHoldFewerModelsEach() {
    assertThat(weights(Attacks.KEYS, 1)).isEqualTo(3 * WEIGHTS);
    assertThat(weights(Attacks.KEYS, 4)).isEqualTo(2 * WEIGHTS);
    assertThat(budget(Attacks.KEYS, 4).workers()).isEqualTo(4);
  }

  /** A control, the taught copies of both, and gradient and moments of the one that is trained. */
  @Test
  void relearningTrainsACopy() {
    MemoryBudget relearning = budget(List.of("relearn"), 1);

    assertThat(relearning.weights()).isEqualTo(4 * WEIGHTS);
    assertThat(relearning.training()).isEqualTo(3 * WEIGHTS);
    assertThat(relearning.activations()).isGreaterThan(budget(List.of("direct"), 1).activations());
    assertThat(weights(List.of("depth"), 1)).isEqualTo(3 * WEIGHTS);
  }

  private static long weights(List<String> attacks, int workers) {
    return budget(attacks, workers).weights();
  }

  private static MemoryBudget budget(List<String> attacks, int workers) {
    ConfigurationReader reader =
        Configuration.load(List.of(), List.of("lethe.model.path=/m")).reader();
    RunPlan plan = RunPlan.read(reader, List.of(Stage.EVALUATE));
    reader.done();
    AttackSettings settings =
        Attacks.DEFAULTS.onRequest(attacks, 8, AttackSettings.Teaching.DEFAULT, "");
    return AttackMemory.of(
        plan, settings, new MemoryBudget.Model(SMALL, name -> Dtype.F32, 0), workers);
  }
}
