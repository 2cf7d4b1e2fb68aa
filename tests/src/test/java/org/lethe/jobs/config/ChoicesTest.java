package org.lethe.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.direction.Blur;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.token.SaturationWeights;
import org.lethe.run.Gate;

/** Names in the configuration: all bind, all are documented, and unknown names are rejected. */
final class ChoicesTest {
  private static final List<String> RUN =
      List.of("lethe.model.path=/m", "lethe.corpus.forget=/f", "lethe.corpus.retain=/r");

  static Stream<String> registered() {
    return Stream.of(
            names("lethe.unlearn.forget-loss", ForgetLossBinding.LOSSES),
            names("lethe.unlearn.retain-loss", RetainLossBinding.LOSSES),
            names("lethe.unlearn.direction", DirectionBinding.DIRECTIONS),
            names("lethe.unlearn.forget-gradient.at", ForgetLossBinding.POINTS),
            names("lethe.unlearn.optimizer", TrainingBinding.OPTIMIZERS),
            names("lethe.unlearn.learning-rate.schedule", TrainingBinding.SCHEDULES),
            names("lethe.reveal.release.arithmetic.variant", ArithmeticBinding.VARIANTS))
        .flatMap(names -> names);
  }

  private static Stream<String> names(String key, Choices<?> choices) {
    return choices.names().stream().map(name -> key + "=" + name);
  }

  @ParameterizedTest
  @MethodSource("registered")
  void everyRegisteredNameBinds(String setting) {
    List<String> run =
        setting.startsWith("lethe.reveal")
            ? List.of(
                "lethe.model.path=/m",
                "lethe.reveal.cards=/c",
                "lethe.reveal.release.method=arithmetic")
            // Without a retain loss there is only one direction.
            : setting.endsWith("=none")
                ? Stream.concat(RUN.stream(), Stream.of("lethe.unlearn.direction=weighted-sum"))
                    .toList()
                : RUN;
    ConfigurationReader reader = reader(run, setting);
    RunPlan plan = RunPlan.read(reader, List.of(Stage.SHARD, Stage.UNLEARN));
    reader.done();

    assertThat(plan.unlearn()).isPresent();
  }

  @Test
  void theNameSelectsTheMethod() {
    UnlearnPlan.Rounds defaults = rounds();
    assertThat(defaults.settings().forgetLoss()).isInstanceOf(ForgetLoss.NegativePreference.class);
    assertThat(defaults.settings().direction()).isInstanceOf(Blur.class);

    assertThat(rounds("lethe.unlearn.forget-loss=ga").settings().forgetLoss())
        .isInstanceOf(ForgetLoss.GradientAscent.class);
    assertThat(rounds("lethe.unlearn.forget-loss=idkdpo").alternatives()).isPresent();
  }

  private static UnlearnPlan.Rounds rounds(String... settings) {
    ConfigurationReader reader = reader(RUN, settings);
    RunPlan plan = RunPlan.read(reader, List.of(Stage.UNLEARN));
    reader.done();
    return (UnlearnPlan.Rounds) plan.unlearn().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lethe.unlearn.forget-loss=np, npo",
        "lethe.unlearn.retain-loss=nl, nll",
        "lethe.unlearn.direction=blur-swaped, blur-swapped",
        "lethe.unlearn.optimizer=adam, adamw",
        "lethe.unlearn.learning-rate.schedule=cosin, cosine",
        "lethe.evaluate.generation=gredy, greedy"
      })
  void anUnknownNameIsAnErrorWithASuggestion(String settingAndSuggestion) {
    String[] parts = settingAndSuggestion.split(", ", -1);
    ConfigurationReader reader = reader(RUN, parts[0]);
    RunPlan.read(reader, List.of(Stage.UNLEARN, Stage.EVALUATE));

    assertThatThrownBy(reader::done)
        .hasMessageContaining(parts[0].substring(0, parts[0].indexOf('=')) + " = ")
        .hasMessageContaining("expected one of ")
        .hasMessageEndingWith("; did you mean " + parts[1] + "?");
  }

  @Test
  void tokenWeightsApplyToTokenWiseLossesOnly() {
    assertThat(
            rounds("lethe.unlearn.forget-loss=undial", "lethe.unlearn.token-weights=satimp")
                .settings()
                .forgetLoss())
        .isEqualTo(
            new ForgetLoss.Weighted(
                new ForgetLoss.SelfDistillation(10), new SaturationWeights(5, 1)));

    ConfigurationReader reader = reader(RUN, "lethe.unlearn.token-weights=wga");
    RunPlan.read(reader, List.of(Stage.UNLEARN));

    assertThatThrownBy(reader::done)
        .hasMessageContaining("lethe.unlearn.token-weights = \"wga\"")
        .hasMessageContaining(
            "expected uniform, or one of the forget losses ga, ce-u, undial, kl-uniform, jensun"
                + " and pdu");
  }

  @Test
  void keysOfUnselectedMethodsAreValidated() {
    ConfigurationReader reader =
        reader(RUN, "lethe.unlearn.simnpo.beta=-1", "lethe.unlearn.pcgrad.scope=tensors");
    RunPlan.read(reader, List.of(Stage.UNLEARN));

    assertThatThrownBy(reader::done)
        .hasMessageContaining("lethe.unlearn.simnpo.beta")
        .hasMessageContaining("expected one of all, tensor; did you mean tensor?");
  }

  /** Gives every key an unknown name, so that every choice lists its names. */
  @ParameterizedTest
  @ValueSource(
      strings = {"lethe.corpus { forget = [/f], retain = [/r] }", "lethe.reveal.cards = [/c]"})
  void everyNameIsInTheCommentOfItsKey(String overrides) {
    StringBuilder wrong = new StringBuilder(overrides).append('\n');
    Config reference = ConfigFactory.parseResources(getClass(), "/reference.conf").resolve();
    reference.entrySet().stream()
        .filter(entry -> entry.getValue().valueType() == ConfigValueType.STRING)
        .forEach(entry -> wrong.append(entry.getKey()).append(" = no-such-name\n"));
    ConfigurationReader reader =
        new ConfigurationReader(
            RecordedKeys.configuration(wrong.toString()), new Problems(), Map.of());
    RunPlan.read(reader, Arrays.asList(Stage.values()));

    Map<String, List<String>> choices = ReferenceComments.choices(reader);
    assertThat(choices)
        .containsKeys(
            "lethe.unlearn.forget-loss",
            "lethe.unlearn.direction",
            "lethe.model.adapter",
            "lethe.platform.backend",
            "lethe.release.lora");
    choices.forEach(ReferenceComments::assertDocumented);
  }

  @Test
  void stagesAndBoundsAreInTheCommentsOfTheirKeys() {
    ReferenceComments.assertDocumented(
        "lethe.pipeline", Arrays.stream(Stage.values()).map(Stage::word).toList());
    ReferenceComments.assertDocumented("lethe.gates", List.copyOf(Gate.BOUNDS.keySet()));
  }

  @Test
  void namesAreUnique() {
    assertThatThrownBy(() -> Choices.of("a", 1).or("a", 2)).hasMessageContaining("'a' is taken");
  }

  private static ConfigurationReader reader(List<String> run, String... settings) {
    return Configuration.load(
            List.of(), Stream.concat(run.stream(), Arrays.stream(settings)).toList())
        .reader();
  }
}
