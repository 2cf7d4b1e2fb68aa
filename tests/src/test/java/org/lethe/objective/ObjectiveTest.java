package org.lethe.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.TestBackend;
import org.lethe.compute.Vectors;
import org.lethe.corpus.ShardFixture;
import org.lethe.direction.Blur;
import org.lethe.direction.Combination;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.direction.Sgd;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.FiniteDifferences;
import org.lethe.model.GoldenWeights;
import org.lethe.model.Gradients;
import org.lethe.model.HiddenPlace;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.architecture.Projection;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;

/** Compares losses and gradients with finite differences and with PyTorch's series of steps. */
final class ObjectiveTest {
  private static final Architecture CONFIG =
      new LlamaConfig(16, 24, 2, 2, 1, 8, 32, 32, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();
  private static final Optional<Decoder> NO_MODEL = Optional.empty();
  private static final Batch BATCH = Batch.of(ShardFixture.examples("objective", 3, 32));

  private static final HiddenPlace PLACE = new HiddenPlace(0, HiddenPlace.Tokens.COMPLETION);
  private static final List<Example> OTHERS = ShardFixture.examples("others", 3, 32);
  private static final LossInputs PAIRS =
      new LossInputs(
          id -> 20 + id.hashCode() % 7,
          NO_MODEL,
          example -> OTHERS.get(BATCH.examples().indexOf(example)),
          id -> 18 + id.hashCode() % 5);

  static Stream<RetainLoss> divergences() {
    return Stream.of(new RetainLoss.Divergence(), new RetainLoss.JensenShannon());
  }

  static Stream<Objective> objectives() {
    return Stream.of(
        new ForgetLoss.NegativePreference(0.5)
            .objective(LossInputs.of(id -> 20 + id.hashCode() % 7, NO_MODEL)),
        new ForgetLoss.SimpleNegativePreference(1.5, 2).objective(LossInputs.NONE),
        new ForgetLoss.GradientAscent().objective(LossInputs.NONE),
        new ForgetLoss.UniformDivergence().objective(LossInputs.NONE),
        new ForgetLoss.SelfDistillation(3)
            .objective(
                LossInputs.of(ReferenceLosses.NONE, Optional.of(decoder(Adapter.full(), 98)))),
        new ForgetLoss.AlternativeLikelihood().objective(PAIRS),
        new ForgetLoss.DirectPreference(0.3, PreferenceScale.ONE).objective(PAIRS),
        new ForgetLoss.LogitFlattening().objective(LossInputs.NONE),
        new ForgetLoss.RefusalDivergence(RefusalTarget.CYCLED).objective(PAIRS),
        new ForgetLoss.RefusalDivergence(RefusalTarget.ALL).objective(PAIRS),
        new RetainLoss.JensenShannon().objective(Optional.of(decoder(Adapter.full(), 96))),
        new ForgetLoss.Steering(PLACE, 3, ActivationMeasure.SQUARED_NORM, 7)
            .objective(LossInputs.NONE),
        new RetainLoss.ActivationMatch(PLACE, ActivationMeasure.MEAN_SQUARE)
            .objective(Optional.of(decoder(Adapter.full(), 97))),
        new RetainLoss.NegativeLogLikelihood().objective(Optional.empty()),
        new RetainLoss.Divergence().objective(Optional.of(decoder(Adapter.full(), 99))));
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void gradientsAgreeWithFiniteDifferences(Objective objective) {
    try (Decoder decoder = decoder(Adapter.full(), 5);
        Gradients gradients = decoder.newGradients();
        Gradients ignored = decoder.newGradients()) {
      Vectors.scale(3, decoder.parameters());
      objective.accumulate(decoder, BATCH, gradients);

      FiniteDifferences.assertGradient(
          decoder,
          gradients.flat(),
          1e-5,
          1e-7,
          () -> objective.accumulate(decoder, BATCH, ignored).sum());
    }
  }

  @ParameterizedTest
  @MethodSource("divergences")
  void theDivergenceFromItselfIsZeroWithAndWithoutAdapter(RetainLoss divergence) {
    Adapter lora = new Adapter.Lora(2, 4, 0, Projection.moduleNames(), 1);
    try (Decoder decoder = decoder(lora, 5);
        Gradients gradients = decoder.newGradients()) {
      Objective objective = divergence.objective(Optional.of(decoder.withoutAdapter()));
      LossSum loss = objective.accumulate(decoder, BATCH, gradients);

      assertThat(loss.sum()).isCloseTo(0, within(1e-12));
      assertThat(loss.count()).isEqualTo(BATCH.completionTokens());
      assertThat(Vectors.norm(gradients.flat())).isCloseTo(0, within(1e-12));
    }
  }

  @Test
  void preferenceOptimizationStartsAsGradientAscentOnSequences() {
    try (Decoder decoder = decoder(Adapter.full(), 5);
        Gradients preference = decoder.newGradients();
        Gradients ascent = decoder.newGradients()) {
      Map<String, Double> reference = new HashMap<>();
      double[] sums = decoder.forward(BATCH).sums();
      for (int b = 0; b < BATCH.size(); b++) {
        reference.put(BATCH.examples().get(b).id(), sums[b]);
      }
      LossSum loss =
          new ForgetLoss.NegativePreference(0.1)
              .objective(LossInputs.of(reference::get, NO_MODEL))
              .accumulate(decoder, BATCH, preference);
      new ForgetLoss.GradientAscent().objective(LossInputs.NONE).accumulate(decoder, BATCH, ascent);

      assertThat(loss.count()).isEqualTo(3);
      assertThat(loss.mean()).isCloseTo(20 * Math.log(2), within(1e-9));
      assertThat(Vectors.distance(preference.flat(), ascent.flat())).isCloseTo(0, within(1e-10));
    }
  }

  @Test
  void partsOfABatchAddUpToTheBatch() {
    Objective objective = objectives().findFirst().orElseThrow();
    try (Decoder decoder = decoder(Adapter.full(), 5);
        Gradients whole = decoder.newGradients();
        Gradients parts = decoder.newGradients()) {
      LossSum all = objective.accumulate(decoder, BATCH, whole);
      LossSum sum = LossSum.ZERO;
      for (Example example : BATCH.examples()) {
        sum = sum.plus(objective.accumulate(decoder, Batch.of(List.of(example)), parts));
      }

      assertThat(sum.sum()).isCloseTo(all.sum(), within(1e-9));
      assertThat(sum.count()).isEqualTo(all.count());
      assertThat(Vectors.distance(whole.flat(), parts.flat())).isCloseTo(0, within(1e-10));
    }
  }

  /** Token weights are held constant, so the loss's own antiderivative is compared. */
  @ParameterizedTest
  @MethodSource("weighted")
  void constantWeightsGiveTheGradientOfTheirIntegral(
      ForgetLoss loss, DoubleUnaryOperator integral, int skipped) {
    try (Decoder decoder = decoder(Adapter.full(), 5);
        Gradients gradients = decoder.newGradients()) {
      Vectors.scale(3, decoder.parameters());
      loss.objective(LossInputs.NONE).accumulate(decoder, BATCH, gradients);

      FiniteDifferences.assertGradient(
          decoder, gradients.flat(), 1e-5, 1e-7, () -> integral(decoder, integral, skipped));
    }
  }

  static Stream<Arguments> weighted() {
    return Stream.of(
        arguments(
            new ForgetLoss.WeightedGradientAscent(0.5),
            (DoubleUnaryOperator) nll -> Math.exp(-0.5 * nll) / 0.5,
            0),
        // p^2 (1 - p): the integral of p (1 - p) over p.
        arguments(
            new ForgetLoss.SaturationImportance(2, 1),
            (DoubleUnaryOperator) nll -> Math.exp(-2 * nll) / 2 - Math.exp(-3 * nll) / 3,
            0),
        // CE-U equals unlikelihood training.
        arguments(
            new ForgetLoss.CrossEntropyUnlearning(1),
            (DoubleUnaryOperator) nll -> -Math.log(-Math.expm1(-nll)),
            1));
  }

  private static double integral(Decoder decoder, DoubleUnaryOperator integral, int skipped) {
    return Arrays.stream(decoder.forward(BATCH).tokens())
        .flatMapToDouble(tokens -> Arrays.stream(tokens).skip(skipped))
        .map(integral)
        .sum();
  }

  @Test
  void extremeLossesStayFinite() {
    PreferenceCurve npo = PreferenceCurve.normalized(0.1);

    assertThat(npo.loss(1e6)).isZero();
    assertThat(npo.slope(1e6)).isZero();
    assertThat(npo.loss(-1e6)).isEqualTo(2e6);
    assertThat(npo.slope(-1e6)).isEqualTo(-2);
    assertThat(npo.loss(0)).isCloseTo(20 * Math.log(2), within(1e-12));
  }

  @Test
  void settingsOutOfRangeAreRejected() {
    assertThatThrownBy(() -> new ForgetLoss.NegativePreference(0))
        .hasMessage("Invalid beta: 0.0, expected above 0");
    assertThatThrownBy(() -> new ForgetLoss.SimpleNegativePreference(1, -1))
        .hasMessage("Invalid delta: -1.0, expected 0 or more");
    assertThatThrownBy(() -> new ForgetLoss.SaturationImportance(1, Double.NaN))
        .hasMessage("Invalid beta2: NaN, expected 0 or more");
    assertThatThrownBy(() -> new ForgetLoss.SelfDistillation(10).objective(LossInputs.NONE))
        .hasMessage("Invalid initial model: none was given");
  }

  /** tests/parity/make_tiny_golden.py defines the series. */
  @ParameterizedTest
  @EnumSource
  void stepsOfBlurEqualPyTorch(TestBackend backend) throws IOException {
    double percent = backend.tolerance(1e-6, 0.1);
    JsonNode golden = golden();
    Batch forgetBatch = batch(golden, "forget");
    Batch retainBatch = batch(golden, "retain");
    Architecture config =
        new LlamaConfig(24, 40, 2, 4, 2, 6, 61, 64, 1e-5, 10000, Optional.empty(), true, Set.of())
            .architecture();
    try (Decoder decoder =
            Decoder.load(config, Adapter.full(), backend.backend(), GoldenWeights.formula());
        Gradients forget = decoder.newGradients();
        Gradients retain = decoder.newGradients()) {
      double[] sums = decoder.forward(forgetBatch).sums();
      Objective npo =
          new ForgetLoss.NegativePreference(0.1)
              .objective(
                  LossInputs.of(
                      id -> sums[Integer.parseInt(id.substring("forget".length()))], NO_MODEL));
      Objective nll = new RetainLoss.NegativeLogLikelihood().objective(Optional.empty());
      Sgd sgd = new Sgd(0, 0);
      for (JsonNode step : golden.get("series")) {
        forget.clear();
        retain.clear();
        LossSum f = npo.accumulate(decoder, forgetBatch, forget);
        LossSum r = nll.accumulate(decoder, retainBatch, retain);
        Combination d =
            new Blur(1, 0)
                .combine(
                    new LossGradients(
                        Optional.of(new LossGradient(forget.flat(), 1.0 / f.count())),
                        Optional.of(new LossGradient(retain.flat(), 1.0 / r.count())),
                        decoder.layout()));
        close(step, "forget_loss", f.mean(), percent);
        close(step, "retain_loss", r.mean(), percent);
        close(step, "forget_sq_norm", d.figures().forgetSquaredNorm(), percent);
        close(step, "retain_sq_norm", d.figures().retainSquaredNorm(), percent);
        close(step, "rho", d.figures().rho(), percent * 10);
        sgd.step(
            decoder.parameters(),
            d,
            sgd.newState(decoder.parameters()),
            0,
            golden.get("learning_rate").asDouble());
      }
    }
  }

  private static void close(JsonNode step, String name, double found, double percent) {
    assertThat(found)
        .as("%s of step %s", name, step.get("step"))
        .isCloseTo(step.get(name).asDouble(), withinPercentage(percent));
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = ObjectiveTest.class.getResourceAsStream("/model/tiny-grouped.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static Batch batch(JsonNode golden, String set) {
    List<Example> examples = new ArrayList<>();
    for (JsonNode row : golden.get(set)) {
      int[] ids = new int[row.get("ids").size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = row.get("ids").get(i).asInt();
      }
      examples.add(new Example(set + examples.size(), ids, row.get("prompt_tokens").asInt()));
    }
    return Batch.of(examples);
  }

  private static Decoder decoder(Adapter adapter, long seed) {
    return Decoder.load(CONFIG, adapter, DataType.DOUBLE, new RandomWeights(seed));
  }
}
