package org.lethe.jobs.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.lethe.compute.cuda.EmulatedDevice;
import org.lethe.compute.cuda.TestDevice;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.UnlearnPlan;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.layer.Activations;
import org.lethe.tensor.Dtype;
import org.nd4j.linalg.api.buffer.DataType;

final class MemoryBudgetTest {
  private static final Architecture SMALL =
      new LlamaConfig(16, 24, 2, 4, 2, 4, 40, 32, 1e-5, 10_000, Optional.empty(), true, Set.of())
          .architecture();

  @Test
  void weightsAreCountedAsInTheDecoder() {
    try (Decoder decoder =
        Decoder.load(SMALL, Adapter.full(), DataType.FLOAT, new RandomWeights(1))) {
      assertThat(SMALL.parameters()).isEqualTo(decoder.parameters().length());
    }
  }

  @Test
  void trainedWeightsCountFiveTimesWithAdamAndTwoGradients() {
    RunPlan plan = plan("lethe.unlearn.workers=2");
    MemoryBudget budget =
        budget(plan, rounds(plan).adapter(), model(SMALL, Dtype.F32), 2, Activations.KEPT);
    long weights = 4 * SMALL.parameters();
    assertThat(budget.weights()).isEqualTo(weights);
    assertThat(budget.training()).isEqualTo(4 * weights);
    assertThat(budget.driver()).isEqualTo(3 * weights);
    assertThat(budget.total()).isEqualTo(2 * (5 * weights + budget.activations()) + 3 * weights);
  }

  @Test
  void anAdapterTrainsFewWeightsAndDivergenceNeedsTwoModels() {
    RunPlan lora = plan("lethe.model.adapter=lora", "lethe.model.lora.rank=2");
    MemoryBudget budget =
        budget(lora, rounds(lora).adapter(), model(SMALL, Dtype.F32), 1, Activations.KEPT);
    try (Decoder decoder =
        Decoder.load(SMALL, rounds(lora).adapter(), DataType.FLOAT, new RandomWeights(1))) {
      assertThat(budget.training()).isEqualTo(16 * decoder.parameters().length());
      assertThat(budget.weights())
          .isEqualTo(4 * (SMALL.parameters() + decoder.parameters().length()));
    }
    RunPlan divergence = plan("lethe.unlearn.retain-loss=kl");
    assertThat(
            budget(divergence, Adapter.full(), model(SMALL, Dtype.F32), 1, Activations.KEPT)
                .weights())
        .isEqualTo(8 * SMALL.parameters());
  }

  @Test
  void divergenceKeepsLogitsOfTheInitialModel() {
    RunPlan divergence = plan("lethe.unlearn.retain-loss=kl");
    long rows = (long) rounds(divergence).settings().sequences() * divergence.maxLength();
    assertThat(activations(divergence, Activations.KEPT))
        .isEqualTo(activations(plan(), Activations.KEPT) + 4 * 40 * rows);
    // Larger batches are computed in parts of 256 MiB of logits.
    Architecture words =
        new LlamaConfig(
                16, 24, 2, 4, 2, 4, 49_152, 256, 1e-5, 10_000, Optional.empty(), true, Set.of())
            .architecture();
    RunPlan[] plans = {
      plan("lethe.unlearn.batch-size=8", "lethe.shard.max-length=256"),
      plan(
          "lethe.unlearn.batch-size=8",
          "lethe.shard.max-length=256",
          "lethe.unlearn.retain-loss=kl")
    };
    long[] bytes = new long[2];
    for (int i = 0; i < 2; i++) {
      bytes[i] =
          budget(plans[i], Adapter.full(), model(words, Dtype.F32), 1, Activations.KEPT)
              .activations();
    }
    assertThat(bytes[1] - bytes[0]).isEqualTo(256L << 20);
  }

  @Test
  void aGradientAtAnotherPointHoldsMoreVectors() {
    RunPlan sharpened = plan("lethe.unlearn.forget-gradient.at=sharpened");
    RunPlan rounded =
        plan("lethe.unlearn.forget-gradient.at=rounded", "lethe.unlearn.forget-gradient.share=0.5");

    assertThat(trainingVectors(sharpened)).isEqualTo(trainingVectors(plan()) + 1);
    assertThat(trainingVectors(rounded)).isEqualTo(trainingVectors(plan()) + 2);
  }

  private static long trainingVectors(RunPlan plan) {
    return budget(plan, Adapter.full(), model(SMALL, Dtype.F32), 1, Activations.KEPT).training()
        / (4 * SMALL.parameters());
  }

  @Test
  void chosenTensorsAreTrainedAlone() {
    RunPlan rmu =
        plan(
            "lethe.model.train=[\"layers.0.mlp.down_proj\"]",
            "lethe.unlearn.retain-loss=activations",
            "lethe.unlearn.rmu.layer=0");
    MemoryBudget budget =
        budget(rmu, rounds(rmu).adapter(), model(SMALL, Dtype.F32), 1, Activations.KEPT);
    long trained = 16 * 24;
    assertThat(budget.training()).isEqualTo(4 * 4 * trained);
    assertThat(budget.weights()).isEqualTo(4 * (SMALL.parameters() + trained));
  }

  @Test
  void aTrainingThatDoesNotFitIsRejectedWithFigures() {
    Architecture huge =
        new LlamaConfig(
                16_384,
                53_248,
                126,
                128,
                8,
                128,
                128_256,
                8192,
                1e-5,
                500_000,
                Optional.empty(),
                false,
                Set.of())
            .architecture();
    RunPlan plan = plan();
    assertThatThrownBy(
            () ->
                MemoryBudget.check(
                    plan,
                    Adapter.full(),
                    rounds(plan).settings(),
                    Optional.empty(),
                    model(huge, Dtype.F32),
                    2))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.PLATFORM))
        .hasMessageStartingWith("Not enough native memory: ")
        .hasMessageContaining("GiB needed (2 workers x (weights ")
        .hasMessageContaining("GiB available; lower LETHE_HEAP");
    RunPlan warned = plan("lethe.platform.memory-check=warn");
    MemoryBudget.check(
        warned,
        Adapter.full(),
        rounds(warned).settings(),
        Optional.empty(),
        model(huge, Dtype.F32),
        2);
  }

  /** Of a training without stop rules. */
  private static MemoryBudget budget(
      RunPlan plan,
      Adapter adapter,
      MemoryBudget.Model model,
      int workers,
      Activations activations) {
    return MemoryBudget.of(
        plan, adapter, rounds(plan).settings(), Optional.empty(), model, workers, activations);
  }

  @Test
  void stopRulesTakeTwoVectorsOfTheDriver() {
    RunPlan all = plan();
    RunPlan stopped =
        plan("lethe.unlearn.stop.rules=[like-unseen]", "lethe.corpus.unseen=unseen.jsonl");
    assertThat(rounds(stopped).stop()).isPresent();
    assertThat(driver(stopped) - driver(all)).isEqualTo(2 * 4 * SMALL.parameters());
  }

  private static long driver(RunPlan plan) {
    return MemoryBudget.of(
            plan,
            Adapter.full(),
            rounds(plan).settings(),
            rounds(plan).stop(),
            model(SMALL, Dtype.F32),
            1,
            Activations.KEPT)
        .driver();
  }

  private static MemoryBudget.Model model(Architecture architecture, Dtype dtype) {
    return new MemoryBudget.Model(architecture, name -> dtype, 0);
  }

  @Test
  void theTokenizerIsCountedOnce() {
    RunPlan plan = plan();
    MemoryBudget.Model without = model(SMALL, Dtype.F32);
    MemoryBudget.Model with = new MemoryBudget.Model(SMALL, without.dtypes(), 1000);
    assertThat(twoWorkers(plan, with).total() - twoWorkers(plan, without).total()).isEqualTo(1000);
  }

  private static MemoryBudget twoWorkers(RunPlan plan, MemoryBudget.Model model) {
    return budget(plan, Adapter.full(), model, 2, Activations.KEPT);
  }

  @Test
  void frozenMatricesTakeTwoBytesAndTheirWideningIsCounted() {
    Architecture architecture =
        new LlamaConfig(
                256, 512, 2, 4, 2, 64, 2048, 32, 1e-5, 10_000, Optional.empty(), true, Set.of())
            .architecture();
    RunPlan lora = plan("lethe.model.adapter=lora", "lethe.model.lora.rank=2");
    UnlearnPlan.Rounds rounds = rounds(lora);
    long whole =
        budget(lora, rounds.adapter(), model(architecture, Dtype.F32), 1, Activations.KEPT)
            .weights();
    long half =
        budget(lora, rounds.adapter(), model(architecture, Dtype.BF16), 1, Activations.KEPT)
            .weights();
    long norms = 5 * 256;
    long matrices = architecture.parameters() - norms;
    long widening = half - (whole - 2 * matrices);
    // The largest product is that of the fused gate and up maps, [1024, 256], widened as a whole.
    assertThat(widening).isBetween(4L * 1024 * 256, 4L * 2 * 2048 * 256);
  }

  @Test
  void recomputedActivationsTakeOneInputForEachBlock() {
    RunPlan plan = plan();
    long kept = activations(plan, Activations.KEPT);
    long recomputed = activations(plan, Activations.RECOMPUTED);
    assertThat(recomputed).isLessThan(kept);
    RunPlan chosen = plan("lethe.platform.activations=recompute");
    assertThat(
            MemoryBudget.activations(
                chosen,
                Adapter.full(),
                rounds(chosen).settings(),
                Optional.empty(),
                model(SMALL, Dtype.F32),
                1))
        .isEqualTo(Activations.RECOMPUTED);
  }

  private static long activations(RunPlan plan, Activations activations) {
    return budget(plan, Adapter.full(), model(SMALL, Dtype.F32), 1, activations).activations();
  }

  /** Shapes of Llama 2 7B and TinyLlama 1.1B. */
  private static final Architecture SEVEN_BILLION =
      new LlamaConfig(
              4096,
              11_008,
              32,
              32,
              32,
              128,
              32_000,
              4096,
              1e-5,
              10_000,
              Optional.empty(),
              false,
              Set.of())
          .architecture();

  private static final Architecture ONE_BILLION =
      new LlamaConfig(
              2048,
              5632,
              22,
              32,
              4,
              64,
              32_000,
              2048,
              1e-5,
              10_000,
              Optional.empty(),
              false,
              Set.of())
          .architecture();

  private static final long GB = 1_000_000_000;

  /** A plan of one worker on a CUDA device with the given memory. */
  private static RunPlan onDevice(long bytes, String... overrides) {
    TestDevice.backend();
    EmulatedDevice.install().describe(12_080, 1, 90, bytes);
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("lethe.platform.backend=cuda");
    all.add("lethe.platform.products=bfloat16");
    all.add("lethe.unlearn.workers=1");
    return plan(all.toArray(String[]::new));
  }

  @AfterEach
  void resetDevice() {
    if (EmulatedDevice.isPossible()) {
      EmulatedDevice.install();
    }
  }

  @Test
  void sevenBillionWeightsWithFactorsFit24GbWithRecomputedActivations() {
    Assumptions.assumeTrue(EmulatedDevice.isPossible(), "no g++ to build the emulated device");
    RunPlan plan =
        onDevice(
            24 * GB,
            "lethe.model.adapter=lora",
            "lethe.unlearn.batch-size=4",
            "lethe.unlearn.micro-batch-size=4",
            "lethe.shard.max-length=512");
    UnlearnPlan.Rounds rounds = rounds(plan);
    MemoryBudget.Model model = model(SEVEN_BILLION, Dtype.BF16);
    MemoryBudget kept = budget(plan, rounds.adapter(), model, 1, Activations.KEPT);
    // Two bytes a weight, the factors, and the rounded factors of the largest products.
    long frozen = 2 * SEVEN_BILLION.parameters();
    assertThat(kept.weights()).isBetween(frozen, frozen + GB);
    assertThat(kept.total()).isGreaterThan(24 * GB);
    assertThat(
            MemoryBudget.activations(
                plan, rounds.adapter(), rounds.settings(), Optional.empty(), model, 1))
        .isEqualTo(Activations.RECOMPUTED);
    MemoryBudget.check(plan, rounds.adapter(), rounds.settings(), Optional.empty(), model, 1);
  }

  @Test
  void aBatchThatDoesNotFitIsRejectedWithAMicroBatchThatDoes() {
    Assumptions.assumeTrue(EmulatedDevice.isPossible(), "no g++ to build the emulated device");
    String[] rows = {
      "lethe.model.adapter=lora", "lethe.unlearn.batch-size=64", "lethe.shard.max-length=512"
    };
    MemoryBudget.Model model = model(SEVEN_BILLION, Dtype.BF16);
    String refusal = refusal(onDevice(24 * GB, rows), model).orElseThrow();
    Matcher named =
        Pattern.compile("lower workers, batch-size or micro-batch-size \\((\\d+) fits\\), or")
            .matcher(refusal);
    assertThat(named.find()).as(refusal).isTrue();
    int fitting = Integer.parseInt(named.group(1));
    String key = "lethe.unlearn.micro-batch-size=";
    assertThat(fitting).isBetween(1, 32);
    assertThat(refusal(onDevice(24 * GB, with(rows, key + fitting)), model)).isEmpty();
    assertThat(refusal(onDevice(24 * GB, with(rows, key + 2 * fitting)), model)).isPresent();
  }

  private static Optional<String> refusal(RunPlan plan, MemoryBudget.Model model) {
    try {
      MemoryBudget.check(
          plan, rounds(plan).adapter(), rounds(plan).settings(), Optional.empty(), model, 1);
      return Optional.empty();
    } catch (LetheException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static String[] with(String[] settings, String other) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = other;
    return all;
  }

  @Test
  void oneBillionWeightsTrainWholeIn40Gb() {
    Assumptions.assumeTrue(EmulatedDevice.isPossible(), "no g++ to build the emulated device");
    String[] rows = {
      "lethe.unlearn.batch-size=8", "lethe.unlearn.micro-batch-size=8", "lethe.shard.max-length=512"
    };
    MemoryBudget.Model model = model(ONE_BILLION, Dtype.BF16);
    RunPlan large = onDevice(40 * GB, rows);
    MemoryBudget.check(large, Adapter.full(), rounds(large).settings(), Optional.empty(), model, 1);
    RunPlan small = onDevice(24 * GB, rows);
    assertThatThrownBy(
            () ->
                MemoryBudget.check(
                    small, Adapter.full(), rounds(small).settings(), Optional.empty(), model, 1))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.PLATFORM))
        .hasMessageStartingWith("Not enough device memory: ")
        .hasMessageContaining(" GiB needed (1 workers x (weights ")
        .hasMessageContaining(" GiB available; lower workers, batch-size or micro-batch-size, or")
        .hasMessageEndingWith("set lethe.platform.memory-check = warn");
  }

  private static UnlearnPlan.Rounds rounds(RunPlan plan) {
    return (UnlearnPlan.Rounds) plan.unlearn().orElseThrow();
  }

  private static RunPlan plan(String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("lethe.model.path=/m");
    ConfigurationReader reader = Configuration.load(List.of(), all).reader();
    RunPlan plan = RunPlan.read(reader, List.of(Stage.UNLEARN));
    reader.done();
    return plan;
  }
}
