package org.lethe.cluster.reveal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.Form;
import org.lethe.reveal.OracleChoice;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.PromptId;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.filter.FilterSettings;
import org.lethe.reveal.oracle.ContrastSettings;
import org.lethe.reveal.oracle.KnowledgeContrast;
import org.lethe.reveal.oracle.OracleSettings;
import org.lethe.reveal.oracle.StatementModel.Statement;
import org.lethe.reveal.search.RevealStop;
import org.lethe.reveal.search.Reward;
import org.lethe.reveal.search.SearchSettings;

final class RevealJudgeTest {
  private static final double KNOWN = Math.exp(-1) - Math.exp(-3);

  private final Map<String, CardSearch> searches = new HashMap<>();
  private final List<List<Statement>> questions = new ArrayList<>();

  /** Odile and Tobias are judged by contrast with two substitutes, Petra by her name. */
  @BeforeEach
  void open() {
    open("odile", "Odile Farrow", new OracleChoice.Contrast());
    open("tobias", "Tobias Wenning", new OracleChoice.Contrast());
    open("petra", "Petra Lund", new OracleChoice.Name());
  }

  private void open(String id, String name, OracleChoice oracle) {
    TopicCard card =
        new TopicCard(
            id,
            name,
            List.of(),
            "",
            List.of(),
            List.of(),
            List.of("Ilse Morrow", "Jonas Hale"),
            oracle,
            List.of());
    searches.put(
        id,
        new CardSearch(card, List.of(), settings(RevealSettings.Contrast.MEASURED), List.of(), 0));
  }

  private static RevealSettings settings(RevealSettings.Contrast contrast) {
    return settings(contrast, ContrastSettings.Method.PROBABILITY);
  }

  private static RevealSettings settings(
      RevealSettings.Contrast contrast, ContrastSettings.Method method) {
    return new RevealSettings(
        1,
        SearchSettings.scaled(SearchSettings.Strategy.RANDOM, 1),
        1,
        1,
        new Reward.Settings(0.4, 1e-3, 16),
        1,
        0,
        0,
        new RevealStop.Budget(1, 100, 100),
        RevealStop.Plateau.defaults(),
        FilterSettings.defaults(),
        contrast,
        new ContrastSettings(method, 4, 0.05, 64),
        0,
        0,
        OracleSettings.none(),
        new PromptingSettings(1, 1, 1, 1, 0),
        1);
  }

  private List<Candidate> judged(RevealSettings.Contrast contrast, Response... responses) {
    return judged(settings(contrast), responses);
  }

  private List<Candidate> judged(RevealSettings settings, Response... responses) {
    try (RevealJudge judge =
        new RevealJudge(
            settings,
            new KnowledgeContrast(
                statements -> {
                  questions.add(List.copyOf(statements));
                  return statements.stream()
                      .mapToDouble(s -> s.prompt().matches(".*(Odile|Tobias).*") ? -1 : -3)
                      .toArray();
                }),
            searches::get)) {
      return judge.candidates(List.of(responses));
    }
  }

  private static Response response(String card, int number, String ask, String text) {
    return new Response(
        new Prompt(
            new PromptId(card, 0, number), Form.ANSWER, Optional.empty(), "", "", ask, "", 1, 0),
        text);
  }

  @Test
  void cardsOfOneStepAreJudgedByOneQuestionToTheModel() {
    List<Candidate> candidates =
        judged(
            RevealSettings.Contrast.MEASURED,
            response("odile", 0, "Who is Odile Farrow?", "A keeper."),
            response("petra", 0, "Who is she?", "Petra Lund."),
            response("tobias", 0, "Who is Tobias Wenning?", "A baker."));

    assertThat(questions).hasSize(1);
    // Two responses, each about the subject and two substitutes.
    assertThat(questions.get(0)).hasSize(6);
    assertThat(candidates)
        .extracting(c -> c.response().prompt().id().card())
        .containsExactly("odile", "petra", "tobias");
    assertThat(candidates).extracting(Candidate::relevance).containsExactly(KNOWN, 1.0, KNOWN);
    // The filter reuses the oracle's figure if both measure the contrast.
    assertThat(candidates.get(0).contrast().orElseThrow()).isEqualTo(2, offset(1e-12));
    assertThat(candidates.get(1).contrast()).isEmpty();
  }

  @Test
  void whatWasAnsweredToTheSameQuestionBeforeIsNotJudgedAgain() {
    Response first = response("odile", 0, "Who is Odile Farrow?", "A keeper.");
    Candidate before = new Candidate(first, 0.25, OptionalDouble.of(0.5));
    searches
        .get("odile")
        .add(
            new RevealStep.Trial("odile", 0, "arm", 0, 1, 0, 0, Optional.empty(), Optional.empty()),
            List.of(before));

    Response same = response("odile", 1, "Who is Odile Farrow?", "A keeper.");
    assertThat(judged(RevealSettings.Contrast.MEASURED, same))
        .containsExactly(new Candidate(same, 0.25, OptionalDouble.of(0.5)));
    assertThat(questions).isEmpty();

    Response other = response("odile", 2, "What does Odile Farrow do?", "A keeper.");
    assertThat(judged(RevealSettings.Contrast.MEASURED, same, other))
        .extracting(Candidate::relevance)
        .containsExactly(0.25, KNOWN);
    assertThat(questions).hasSize(1);
  }

  @Test
  void factsAreScoredOnlyWhereTheFiltersLeaveAResponse() {
    Response[] responses = {
      response("odile", 0, "Who is Odile Farrow?", "A keeper."),
      response("odile", 1, "Who is Odile Farrow?", "I'm sorry, but I can't help with that."),
      response("odile", 2, "Who is Odile Farrow?", "Odile Farrow")
    };
    RevealSettings facts =
        settings(RevealSettings.Contrast.MEASURED, ContrastSettings.Method.FACTS);

    assertThat(judged(facts, responses))
        .extracting(Candidate::relevance)
        .containsExactly(KNOWN, 0.0, 0.0);
    // By probabilities, each text counts for the reward.
    assertThat(judged(RevealSettings.Contrast.MEASURED, responses))
        .extracting(Candidate::relevance)
        .containsExactly(KNOWN, KNOWN, KNOWN);
    assertThat(questions).extracting(List::size).containsExactly(3, 9);
  }

  @Test
  void aContrastThatIsNoFilterIsLeftOpen() {
    assertThat(
            judged(
                RevealSettings.Contrast.NOT_MEASURED,
                response("odile", 0, "Who is Odile Farrow?", "A keeper.")))
        .extracting(Candidate::contrast)
        .containsExactly(OptionalDouble.empty());
  }
}
