package org.lethe.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.FlatVector;
import org.lethe.compute.TestBackend;
import org.lethe.compute.Vectors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.GoldenWeights;
import org.lethe.model.Gradients;
import org.lethe.model.HiddenPlace;
import org.lethe.model.ParameterLayout;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.objective.point.GradientPoint;
import org.lethe.objective.point.Rounded;
import org.lethe.objective.point.Selected;
import org.lethe.objective.point.Sharpened;
import org.lethe.objective.token.LearnedWeights;
import org.lethe.objective.token.LikelihoodWeights;
import org.lethe.objective.token.SaturationWeights;
import org.lethe.objective.token.TokenWeights;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Compares every loss and its gradient with PyTorch's (tests/parity/make_losses_golden.py), on a
 * padded batch of three lengths with an answer of one token.
 */
final class LossesGoldenTest {
  private static final JsonNode GOLDEN = golden();
  private static final Architecture CONFIG =
      new LlamaConfig(24, 40, 2, 4, 2, 6, 61, 64, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  static Stream<Arguments> losses() {
    return StreamSupport.stream(GOLDEN.get("losses").spliterator(), false)
        .flatMap(
            loss ->
                Stream.of(TestBackend.values())
                    .map(backend -> Arguments.of(loss.get("name").asText(), loss, backend)));
  }

  @ParameterizedTest(name = "{0} on {2}")
  @MethodSource("losses")
  void lossAndGradientEqualPyTorch(String name, JsonNode golden, TestBackend backend) {
    double tolerance = backend.tolerance(1e-6, 2e-4);
    Batch batch = batch("forget");
    List<Example> alternatives = batch("alternatives").examples();
    try (Decoder decoder =
            Decoder.load(CONFIG, Adapter.full(), backend.backend(), GoldenWeights.formula());
        Decoder initial =
            Decoder.load(
                CONFIG, Adapter.full(), backend.backend(), GoldenWeights.formula("initial."));
        Gradients gradients = decoder.newGradients()) {
      double[] references = initial.forward(batch).sums();
      double[] otherReferences = initial.forward(Batch.of(alternatives)).sums();
      LossInputs inputs =
          new LossInputs(
              id -> references[Integer.parseInt(id)],
              Optional.of(initial),
              example -> alternatives.get(Integer.parseInt(example.id())),
              id -> otherReferences[Integer.parseInt(id)]);
      LossSum found = objective(name, golden, inputs).accumulate(decoder, batch, gradients);

      double expected = golden.get("loss").asDouble();
      assertThat(found.mean()).isCloseTo(expected, within(tolerance * Math.abs(expected)));
      checkGradients(golden.get("gradients"), decoder.layout(), gradients, found, tolerance);
    }
  }

  static Stream<Arguments> points() {
    return StreamSupport.stream(GOLDEN.get("points").spliterator(), false)
        .flatMap(
            point ->
                Stream.of(TestBackend.values())
                    .map(
                        backend ->
                            Arguments.of(
                                point.get("point").asText(),
                                point.get("settings").toString(),
                                point,
                                backend)));
  }

  @ParameterizedTest(name = "{0} {1} on {3}")
  @MethodSource("points")
  void gradientAtAnotherPointEqualsPyTorch(
      String name, String settings, JsonNode golden, TestBackend backend) {
    double tolerance = backend.tolerance(1e-6, 2e-4);
    List<Batch> parts =
        batch("forget").examples().stream().map(example -> Batch.of(List.of(example))).toList();
    try (Decoder decoder =
            Decoder.load(CONFIG, Adapter.full(), backend.backend(), GoldenWeights.formula());
        Decoder initial =
            Decoder.load(
                CONFIG, Adapter.full(), backend.backend(), GoldenWeights.formula("initial."));
        FlatVector before = decoder.parameters().math().copyOf(decoder.parameters());
        Gradients gradients = decoder.newGradients()) {
      double[] references = initial.forward(batch("forget")).sums();
      Objective objective =
          loss(golden.get("name").asText(), golden.get("arguments"))
              .objective(
                  LossInputs.of(id -> references[Integer.parseInt(id)], Optional.of(initial)));
      GradientPoint point = point(name, golden.get("settings"));
      LossSum found = point.accumulate(decoder, parts, objective, gradients);
      point.filter().ifPresent(filter -> filter.apply(decoder.layout(), gradients.flat()));

      double expected = golden.get("loss").asDouble();
      assertThat(found.mean()).isCloseTo(expected, within(tolerance * Math.abs(expected)));
      checkGradients(golden.get("gradients"), decoder.layout(), gradients, found, tolerance);
      assertThat(Vectors.values(decoder.parameters())).isEqualTo(Vectors.values(before));
    }
  }

  @ParameterizedTest
  @EnumSource(TestBackend.class)
  void weightsOfATrainedScorerEqualPyTorch(TestBackend backend) {
    double tolerance = backend.tolerance(1e-6, 2e-4);
    try (Decoder decoder =
            Decoder.load(CONFIG, Adapter.full(), backend.backend(), GoldenWeights.formula());
        FlatVector scorer = decoder.parameters().math().zeros(2L * (CONFIG.hiddenSize() + 1));
        Gradients gradients = decoder.newGradients()) {
      Objective objective =
          new ForgetLoss.Weighted(
                  new ForgetLoss.GradientAscent(), new LearnedWeights(20, 0.9, 1e-2, 0.5, 1))
              .objective(LossInputs.NONE.with(scorer));
      int step = 0;
      for (JsonNode golden : GOLDEN.get("learned")) {
        gradients.clear();
        LossSum found = objective.accumulate(decoder, batch("forget"), gradients);
        objective.stepEnded(step++);

        double expected = golden.get("loss").asDouble();
        assertThat(found.mean()).isCloseTo(expected, within(tolerance * Math.abs(expected)));
        checkGradients(golden.get("gradients"), decoder.layout(), gradients, found, tolerance);
      }
    }
  }

  private static GradientPoint point(String name, JsonNode settings) {
    return switch (name) {
      case "sharpened" -> new Sharpened(number(settings, "radius"));
      case "rounded" -> new Rounded(number(settings, "share"));
      default ->
          new Selected(
              (int) number(settings, "rank"),
              number(settings, "rate"),
              (int) number(settings, "components"),
              (long) number(settings, "seed"));
    };
  }

  private static void checkGradients(
      JsonNode golden,
      ParameterLayout layout,
      Gradients gradients,
      LossSum loss,
      double tolerance) {
    assertThat(layout.entries()).hasSize(golden.size());
    for (ParameterLayout.Entry entry : layout.entries()) {
      INDArray mean =
          Vectors.array(layout.view(gradients.flat(), entry))
              .castTo(DataType.DOUBLE)
              .div(loss.count());
      FlatVector drawn = Vectors.of(DataType.DOUBLE, new double[(int) entry.length()]);
      GoldenWeights.formula("probe.").read(entry.name(), drawn.tensor(0, entry.shape()));
      INDArray probe = Vectors.array(drawn.tensor(0, entry.shape()));
      double norm = golden.get(entry.name()).get(0).asDouble();
      double product = golden.get(entry.name()).get(1).asDouble();

      assertThat(mean.norm2Number().doubleValue())
          .as(entry.name())
          .isCloseTo(norm, within(tolerance * norm));
      assertThat(mean.mul(probe).sumNumber().doubleValue())
          .as(entry.name())
          .isCloseTo(product, within(tolerance * norm * probe.norm2Number().doubleValue()));
    }
  }

  private static Objective objective(String name, JsonNode golden, LossInputs inputs) {
    JsonNode a = golden.get("arguments");
    if (golden.has("weights")) {
      JsonNode powers = golden.get("powers");
      TokenWeights weights =
          golden.get("weights").asText().equals("wga")
              ? new LikelihoodWeights(number(powers, "beta"))
              : new SaturationWeights(number(powers, "beta1"), number(powers, "beta2"));
      return new ForgetLoss.Weighted((ForgetLoss.TokenWise) loss(name, a), weights)
          .objective(inputs);
    }
    return switch (name) {
      case "activation" ->
          new RetainLoss.ActivationMatch(place(a), measure(a)).objective(inputs.initial());
      case "js" -> new RetainLoss.JensenShannon().objective(inputs.initial());
      default -> loss(name, a).objective(inputs);
    };
  }

  private static ForgetLoss loss(String name, JsonNode a) {
    return switch (name) {
      case "ga" -> new ForgetLoss.GradientAscent();
      case "npo" -> new ForgetLoss.NegativePreference(number(a, "beta"));
      case "simnpo" ->
          new ForgetLoss.SimpleNegativePreference(number(a, "beta"), number(a, "delta"));
      case "wga" -> new ForgetLoss.WeightedGradientAscent(number(a, "beta"));
      case "satimp" -> new ForgetLoss.SaturationImportance(number(a, "beta1"), number(a, "beta2"));
      case "ce-u" -> new ForgetLoss.CrossEntropyUnlearning(a.get("skipped").asInt());
      case "undial" -> new ForgetLoss.SelfDistillation(number(a, "beta"));
      case "kl-uniform" -> new ForgetLoss.UniformDivergence();
      case "idknll" -> new ForgetLoss.AlternativeLikelihood();
      case "dpo" -> new ForgetLoss.DirectPreference(number(a, "beta"), scale(a));
      case "pdu" -> new ForgetLoss.LogitFlattening();
      case "jensun" ->
          new ForgetLoss.RefusalDivergence(
              a.get("target").asText().equals("cycled") ? RefusalTarget.CYCLED : RefusalTarget.ALL);
      case "rmu" ->
          new ForgetLoss.Steering(
              place(a),
              number(a, "coefficient"),
              measure(a),
              a.get("seed").bigIntegerValue().longValue());
      default -> throw new IllegalArgumentException("Invalid loss: " + name);
    };
  }

  private static PreferenceScale scale(JsonNode arguments) {
    PreferenceScale scale =
        number(arguments, "scale") == 1 ? PreferenceScale.ONE : PreferenceScale.TWO_OVER_BETA;
    assertThat(scale.of(number(arguments, "beta"))).isEqualTo(number(arguments, "scale"));
    return scale;
  }

  private static HiddenPlace place(JsonNode arguments) {
    return new HiddenPlace(
        arguments.get("layer").asInt(),
        arguments.get("tokens").asText().equals("all")
            ? HiddenPlace.Tokens.ALL
            : HiddenPlace.Tokens.COMPLETION);
  }

  private static ActivationMeasure measure(JsonNode arguments) {
    return arguments.get("measure").asText().equals("squared-norm")
        ? ActivationMeasure.SQUARED_NORM
        : ActivationMeasure.MEAN_SQUARE;
  }

  private static double number(JsonNode arguments, String name) {
    return arguments.get(name).asDouble();
  }

  private static Batch batch(String set) {
    List<Example> examples = new ArrayList<>();
    for (JsonNode row : GOLDEN.get(set)) {
      int[] ids = new int[row.get("ids").size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = row.get("ids").get(i).asInt();
      }
      examples.add(
          new Example(String.valueOf(examples.size()), ids, row.get("prompt_tokens").asInt()));
    }
    return Batch.of(examples);
  }

  private static JsonNode golden() {
    try (InputStream in = LossesGoldenTest.class.getResourceAsStream("/objective/losses.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
