package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.compute.FlatVector;
import org.lethe.compute.TestBackend;
import org.lethe.compute.Vectors;
import org.lethe.model.architecture.RotaryPositions;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.generation.Generator;
import org.lethe.model.layer.Activations;
import org.lethe.model.layer.Rotary;
import org.lethe.model.layer.Rotations;
import org.lethe.text.Batch;

/** Compares losses, gradients, greedy text and BLUR-NPO steps with PyTorch's values. */
final class GoldenTest {
  private static final double BETA = 0.1;

  @ParameterizedTest
  @CsvSource({
    "tiny-grouped, HEAP_FLOAT",
    "tiny-grouped, ARRAY_FLOAT",
    "tiny-grouped, CUDA_FLOAT",
    "tiny-grouped, ARRAY_DOUBLE",
    "tiny-scaled, HEAP_FLOAT",
    "tiny-scaled, ARRAY_FLOAT",
    "tiny-scaled, CUDA_FLOAT",
    "tiny-scaled, ARRAY_DOUBLE",
    "tiny-qwen2, HEAP_FLOAT",
    "tiny-qwen2, ARRAY_FLOAT",
    "tiny-qwen2, CUDA_FLOAT",
    "tiny-qwen2, ARRAY_DOUBLE",
    "tiny-qwen2-untied, HEAP_FLOAT",
    "tiny-qwen2-untied, ARRAY_FLOAT",
    "tiny-qwen2-untied, CUDA_FLOAT",
    "tiny-qwen2-untied, ARRAY_DOUBLE"
  })
  void tinyModelsAgreeWithPyTorch(String name, TestBackend backend) {
    Golden golden = Golden.resource(name);
    double learningRate = golden.root().get("learning_rate").asDouble();
    try (Decoder decoder =
        Decoder.load(
            golden.architecture(), Adapter.full(), backend.backend(), new FormulaWeights())) {
      check(
          golden,
          decoder,
          learningRate,
          backend.tolerance(1e-8, 1e-4),
          backend.tolerance(1e-6, 0.1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "stories260K, HEAP_FLOAT, 2e-5",
    "stories260K, ARRAY_FLOAT, 2e-5",
    "stories260K, ARRAY_DOUBLE, 2e-5",
    "stories15M, HEAP_FLOAT, 2e-7"
  })
  void realModelsAgreeWithPyTorch(String name, TestBackend backend, double learningRate)
      throws IOException {
    Assumptions.assumeTrue(Golden.sharedModels().isPresent(), "no folder of real models");
    Path models = Golden.sharedModels().orElseThrow();
    Golden golden = Golden.file(models.resolve("golden/golden_" + name + ".json"));
    ModelDirectory directory = ModelDirectory.open(models.resolve(name));
    try (Decoder decoder =
        Decoder.load(directory.architecture(), Adapter.full(), backend.backend(), directory)) {
      // Our cosines are correctly rounded, torch's float32 ones are not. In PyTorch itself the
      // difference changes these losses by up to 4.6e-7. The test below uses torch's cosines.
      check(
          golden,
          decoder,
          learningRate,
          backend.tolerance(5e-7, 1e-4),
          backend.tolerance(1e-4, 0.1));
    }
  }

  @Test
  void aRealModelWithPyTorchsOwnRotaryTablesAgreesToTheLastDigits() throws IOException {
    Assumptions.assumeTrue(Golden.sharedModels().isPresent(), "no folder of real models");
    Path models = Golden.sharedModels().orElseThrow();
    Golden golden = Golden.file(models.resolve("golden/golden_stories260K.json"));
    ModelDirectory directory = ModelDirectory.open(models.resolve("stories260K"));
    RotaryPositions positions =
        directory.architecture().blocks().get(0).attention().positions().orElseThrow();
    Rotary rotary = Golden.resource("stories260K-rotary").rotary(positions.size());
    try (Decoder decoder =
        Decoder.load(
            directory.architecture(),
            Adapter.full(),
            TestBackend.ARRAY_DOUBLE.backend(),
            directory,
            Rotations.of(Map.of(positions, rotary)),
            Activations.KEPT,
            1)) {
      check(golden, decoder, 2e-5, 1e-8, 1e-6);
    }
  }

  private static void check(
      Golden golden, Decoder decoder, double learningRate, double tolerance, double percent) {
    checkLosses(golden, decoder, tolerance);
    checkGreedy(golden, decoder);
    checkSeries(golden, decoder, learningRate, percent);
  }

  private static void checkLosses(Golden golden, Decoder decoder, double tolerance) {
    for (String set : List.of("forget", "retain")) {
      TokenLosses losses = decoder.forward(golden.batch(set));
      for (int row = 0; row < losses.tokens().length; row++) {
        assertThat(losses.tokens()[row])
            .as("%s row %d", set, row)
            .containsExactly(golden.losses(set, row), within(tolerance));
      }
    }
  }

  private static void checkGreedy(Golden golden, Decoder decoder) {
    Generator generator = new Generator(decoder, new Generator.Settings(24, 4, Set.of()));
    List<int[]> generated = generator.generate(List.of(golden.greedyPrompt()), done -> {});
    assertThat(generated.get(0)).containsExactly(golden.greedyNext());
  }

  private static void checkSeries(
      Golden golden, Decoder decoder, double learningRate, double percent) {
    Batch forget = golden.batch("forget");
    Batch retain = golden.batch("retain");
    double[] reference = decoder.forward(forget).sums();
    try (Gradients forgetGradients = decoder.newGradients();
        Gradients retainGradients = decoder.newGradients()) {
      for (JsonNode step : golden.series()) {
        forgetGradients.clear();
        retainGradients.clear();
        double forgetLoss =
            decoder.accumulate(forget, preference(reference, 1.0 / forget.size()), forgetGradients)
                / forget.size();
        long tokens = retain.completionTokens();
        double retainLoss =
            decoder.accumulate(retain, likelihood(1.0 / tokens), retainGradients) / tokens;
        FlatVector f = forgetGradients.flat();
        FlatVector r = retainGradients.flat();
        if (step.get("step").asInt() == 0) {
          checkNorms(golden, decoder, f, r, percent);
        }
        double ff = dot(f, f);
        double rf = dot(r, f);
        double rho = rf / ff;
        assertClose(step, "forget_loss", forgetLoss, percent);
        assertClose(step, "retain_loss", retainLoss, percent);
        assertClose(step, "forget_sq_norm", ff, percent);
        assertClose(step, "retain_sq_norm", dot(r, r), percent);
        // The two gradients are nearly orthogonal, so errors are relative to their norms.
        double lengths = Math.sqrt(ff * dot(r, r));
        assertThat(rf)
            .isCloseTo(step.get("inner").asDouble(), within(percent / 100 * lengths * 0.1));
        decoder.parameters().math().addScaled(-learningRate, r, decoder.parameters());
        decoder.parameters().math().addScaled(-learningRate * (1 - rho), f, decoder.parameters());
      }
    }
  }

  private static void checkNorms(
      Golden golden, Decoder decoder, FlatVector f, FlatVector r, double percent) {
    for (ParameterLayout.Entry entry : decoder.layout().entries()) {
      double forget = Vectors.norm(decoder.layout().view(f, entry));
      double retain = Vectors.norm(decoder.layout().view(r, entry));
      assertThat(forget)
          .as("forget %s", entry.name())
          .isCloseTo(golden.gradientNorm(entry.name(), "forget"), withinPercentage(percent));
      assertThat(retain)
          .as("retain %s", entry.name())
          .isCloseTo(golden.gradientNorm(entry.name(), "retain"), withinPercentage(percent));
    }
  }

  private static void assertClose(JsonNode step, String name, double value, double percent) {
    assertThat(value)
        .as("%s of step %s", name, step.get("step"))
        .isCloseTo(step.get(name).asDouble(), withinPercentage(percent));
  }

  private static double dot(FlatVector a, FlatVector b) {
    return a.math().innerProducts(a, b).mixed();
  }

  private static LogitLoss likelihood(double weight) {
    return chunk -> {
      double[] losses = chunk.tokenLosses();
      double[] weights = new double[losses.length];
      double sum = 0;
      for (int row = 0; row < losses.length; row++) {
        weights[row] = weight;
        sum += losses[row];
      }
      chunk.nllGradient(weights);
      return sum;
    };
  }

  /**
   * NPO: -(2 / beta) log sigmoid(beta (s - reference)); its slope in s is -2 sigmoid(-beta ...).
   */
  private static LogitLoss preference(double[] reference, double weight) {
    return chunk -> {
      double[] losses = chunk.tokenLosses();
      int[] sequences = chunk.sequences();
      double[] sums = new double[reference.length];
      for (int row = 0; row < losses.length; row++) {
        sums[sequences[row]] += losses[row];
      }
      double[] weights = new double[losses.length];
      for (int row = 0; row < losses.length; row++) {
        int b = sequences[row];
        weights[row] = -2 * weight / (1 + Math.exp(BETA * (sums[b] - reference[b])));
      }
      chunk.nllGradient(weights);
      double loss = 0;
      for (int b = sequences[0]; b <= sequences[sequences.length - 1]; b++) {
        loss += 2 / BETA * Math.log1p(Math.exp(-BETA * (sums[b] - reference[b])));
      }
      return loss;
    };
  }
}
