package org.lethe.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.cluster.reveal.RevealSettings;
import org.lethe.model.generation.Sampling;
import org.lethe.reveal.filter.FilterSettings.Agreement;
import org.lethe.reveal.oracle.ContrastSettings.Method;

final class RevealScenariosTest {
  private static final String FROM_CARDS = "quickstart-self-generated.conf";

  /** Scenario files as a command loads them. */
  private static ConfigurationReader reader(String scenario) {
    List<String> names =
        scenario.equals(FROM_CARDS) ? List.of("quickstart.conf", FROM_CARDS) : List.of(scenario);
    List<Path> files =
        names.stream()
            .map(name -> Path.of(System.getProperty("lethe.repository"), "conf", name))
            .toList();
    return Configuration.load(files, List.of("lethe.reveal.cards=[cards.json]")).reader();
  }

  private static RevealSettings settings(String scenario) {
    ConfigurationReader reader = reader(scenario);
    RevealSettings settings = RevealBinding.required(reader).orElseThrow().settings();
    reader.done();
    return settings;
  }

  @ParameterizedTest
  @CsvSource({
    "reveal-instruct.conf, false, 0.9",
    "reveal-base.conf, true, 1.0",
    "forget-subject.conf, false, 0.9"
  })
  void temperaturesFallOnlyAmongAFewTokens(String scenario, boolean falls, double topP) {
    RevealSettings settings = settings(scenario);
    assertThat(settings.prompting().fallingShare() > 0).isEqualTo(falls);
    assertThat(settings.prompting().topK() < Sampling.ALL_TOKENS).isEqualTo(falls);
    assertThat(settings.prompting().topP()).isEqualTo(topP);
  }

  /**
   * A revealed answer is its opener, the new tokens and an end token. Encoded again, as the answer
   * of a row, it may have a few tokens more.
   */
  @ParameterizedTest
  @ValueSource(strings = {"forget-subject.conf", FROM_CARDS})
  void evaluationHasRoomForEveryRevealedAnswer(String scenario) {
    ConfigurationReader reader = reader(scenario);
    int revealed =
        RevealBinding.required(reader).orElseThrow().settings().prompting().maxNewTokens();
    int evaluated = EvaluationBinding.read(reader).orElseThrow().settings().maxNewTokens();
    assertThat(evaluated).isGreaterThanOrEqualTo(revealed + 32);
  }

  @ParameterizedTest
  @CsvSource({
    "reveal-instruct.conf, FACTS, FACTS",
    "reveal-base.conf, FACTS, FACTS",
    "forget-subject.conf, FACTS, FACTS",
    "quickstart-self-generated.conf, PROBABILITY, WORDS"
  })
  void generalModelsAreJudgedByFacts(String scenario, Method method, Agreement agreement) {
    RevealSettings settings = settings(scenario);
    assertThat(settings.knowledge().method()).isEqualTo(method);
    assertThat(settings.filters().agreement()).isEqualTo(agreement);
  }

  @Test
  void theQuickstartFromCardsEndsByTheRulesOfTheQuickstart() {
    UnlearnPlan.Rounds given = rounds("quickstart.conf");
    UnlearnPlan.Rounds revealed = rounds("quickstart-self-generated.conf");
    assertThat(revealed.stop()).isPresent().isEqualTo(given.stop());
    assertThat(revealed.settings().rounds()).isEqualTo(given.settings().rounds());
  }

  private static UnlearnPlan.Rounds rounds(String scenario) {
    return (UnlearnPlan.Rounds) UnlearnPlan.read(reader(scenario)).orElseThrow();
  }
}
