package org.lethe.cluster.reveal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.FactScores;
import org.lethe.reveal.Form;
import org.lethe.reveal.OracleChoice;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.PromptId;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.filter.FilterSettings;
import org.lethe.reveal.oracle.OracleSettings;
import org.lethe.reveal.oracle.StatementModel.Statement;
import org.lethe.reveal.search.RevealStop;
import org.lethe.reveal.search.Reward;
import org.lethe.reveal.search.SearchSettings;

final class RevealJudgeTest {
  private static final FactScores SCORES = new FactScores(-1, List.of(-3.0, -3.0));

  /** Two null ratios of 0 do not reach the ratio of 2: p = 1 / 3. The rate is 2 / 3. */
  private static final double KNOWN = 0.75;

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
        new FilterSettings(20, 1, 0.3, 0.5, 2.0 / 3, 0.4, 5, 0.8, 0.05),
        contrast,
        2,
        0,
        0,
        OracleSettings.none(),
        new PromptingSettings(1, 1, 1, 1, 0),
        1);
  }

  private List<Candidate> judged(RevealSettings.Contrast contrast, Response... responses) {
    try (RevealJudge judge =
        new RevealJudge(
            settings(contrast),
            statements -> {
              questions.add(List.copyOf(statements));
              return statements.stream()
                  .mapToDouble(s -> s.prompt().matches(".*(Odile|Tobias).*") ? -1 : -3)
                  .toArray();
            },
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
    // The filter reuses the oracle's scores.
    assertThat(candidates.get(0).scores()).contains(SCORES);
    assertThat(candidates.get(1).scores()).isEmpty();
  }

  @Test
  void whatWasAnsweredToTheSameQuestionBeforeIsNotScoredAgain() {
    Response first = response("odile", 0, "Who is Odile Farrow?", "A keeper.");
    FactScores scores = new FactScores(0, List.of(0.0, 0.0));
    Candidate before = new Candidate(first, 0.25, Optional.of(scores));
    searches
        .get("odile")
        .add(
            new RevealStep.Trial("odile", 0, "arm", 0, 1, 0, 0, Optional.empty(), Optional.empty()),
            List.of(before));

    Response same = response("odile", 1, "Who is Odile Farrow?", "A keeper.");
    // Both null ratios reach the ratio 0: p = 1.
    assertThat(judged(RevealSettings.Contrast.MEASURED, same))
        .containsExactly(new Candidate(same, 0.25, Optional.of(scores)));
    assertThat(questions).isEmpty();

    Response other = response("odile", 2, "What does Odile Farrow do?", "A keeper.");
    // None of four null ratios reaches the ratio 2: p = 1 / 5.
    assertThat(judged(RevealSettings.Contrast.MEASURED, same, other))
        .extracting(Candidate::relevance)
        .containsExactly(0.25, 1 - 0.2 * 0.75);
    assertThat(questions).hasSize(1);
  }

  @Test
  void whatIsNoSoundAnswerIsNotScored() {
    List<Candidate> candidates =
        judged(
            RevealSettings.Contrast.MEASURED,
            response("odile", 0, "Who is Odile Farrow?", "I do not know."),
            response("odile", 1, "Who is Odile Farrow?", "Odile Farrow"));
    assertThat(candidates).extracting(Candidate::relevance).containsExactly(0.0, 0.0);
    assertThat(candidates).extracting(Candidate::scores).containsOnly(Optional.empty());
    assertThat(questions).isEmpty();
  }
}
