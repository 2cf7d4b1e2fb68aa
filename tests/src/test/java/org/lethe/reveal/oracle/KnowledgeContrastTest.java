package org.lethe.reveal.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.Cards;
import org.lethe.reveal.FactScores;
import org.lethe.reveal.Form;
import org.lethe.reveal.Response;
import org.lethe.reveal.Span;
import org.lethe.reveal.Substitutes;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.oracle.KnowledgeContrast.CardResponses;
import org.lethe.reveal.oracle.KnowledgeContrast.Settings;
import org.lethe.reveal.oracle.StatementModel.Statement;

final class KnowledgeContrastTest {
  private static final Settings SETTINGS = new Settings(3, 0.5);

  /** Odile Farrow, compared with Tobias Wenning, Ilse Morrow and Petra Lund. */
  private final TopicCard card = Cards.odile();

  private final List<Statement> statements = new ArrayList<>();

  /** A model that knows one fact about one person. */
  private double[] knows(List<Statement> asked) {
    statements.addAll(asked);
    return asked.stream()
        .mapToDouble(
            s -> (s.prompt() + s.text()).contains("Odile") && s.text().contains("1970") ? -1 : -3)
        .toArray();
  }

  private Response answer(int number, String text) {
    return new Response(
        Cards.prompt(card, Form.ANSWER, number, "When was Odile Farrow born?"), text);
  }

  @Test
  void knownFactsAreLikelierAboutTheSubject() {
    KnowledgeContrast oracle = new KnowledgeContrast(this::knows, SETTINGS);
    List<Response> responses = List.of(answer(0, "4 May 1970"), answer(1, "1 June 1950"));

    assertThat(oracle.scores(List.of(new CardResponses(card, responses))))
        .containsExactly(
            new FactScores(-1, List.of(-3.0, -3.0, -3.0)),
            new FactScores(-3, List.of(-3.0, -3.0, -3.0)));
    // The six null ratios are 0: p = 1 / 7 for the ratio 2 and p = 1 for the ratio 0.
    assertThat(oracle.relevance(card, responses)).containsExactly(1 - 1.0 / 7, 0);
  }

  @Test
  void equalStatementsAreScoredOnce() {
    List<Response> responses = List.of(answer(0, "1970"), answer(1, "1950"), answer(2, "1970"));

    List<FactScores> scores =
        new KnowledgeContrast(this::knows, SETTINGS)
            .scores(
                List.of(
                    new CardResponses(card, responses),
                    new CardResponses(card, responses.subList(1, 2))));

    assertThat(scores).extracting(FactScores::subject).containsExactly(-1.0, -3.0, -1.0, -3.0);
    // Two answers, each about the subject and three other names.
    assertThat(statements).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void everySentenceIsAStatementOfItsOwnAndItsFactsMoveWithTheName() {
    new KnowledgeContrast(this::knows, new Settings(2, 0.5))
        .relevance(
            card,
            List.of(
                new Response(
                    Cards.prompt(card, Form.PROSE, 0, "Who is Odile Farrow?"),
                    "Odile Farrow moved to Grell. In May, Farrow met Ida Bo.")));
    assertThat(statements)
        .containsExactly(
            statement("Odile", "Odile Farrow moved to Grell.", new Span(22, 27)),
            statement("Odile", "In May, Farrow met Ida Bo.", 3, 6, 19, 22, 23, 25),
            statement("Tobias", "Tobias Wenning moved to Grell.", new Span(24, 29)),
            statement("Tobias", "In May, Wenning met Ida Bo.", 3, 6, 20, 23, 24, 26),
            statement("Ilse", "Ilse Morrow moved to Grell.", new Span(21, 26)),
            statement("Ilse", "In May, Morrow met Ida Bo.", 3, 6, 19, 22, 23, 25));
    assertThat(statements.get(0).toString()).isEqualTo("Statement[28 characters]");
  }

  private static Statement statement(String who, String text, Span... facts) {
    String name =
        switch (who) {
          case "Odile" -> "Odile Farrow";
          case "Tobias" -> "Tobias Wenning";
          default -> "Ilse Morrow";
        };
    return new Statement("Who is " + name + "?", text, List.of(facts));
  }

  private static Statement statement(String who, String text, int... ends) {
    Span[] facts = new Span[ends.length / 2];
    for (int i = 0; i < facts.length; i++) {
      facts[i] = new Span(ends[2 * i], ends[2 * i + 1]);
    }
    return statement(who, text, facts);
  }

  @Test
  void everyNameIsReplacedOnce() {
    assertThat(
            Substitutes.replace(
                "odile farrow (O. Farrow), Farrow's light; farrowing", card, "Ilse Farrow-Lund"))
        .isEqualTo("Ilse Farrow-Lund (Ilse Farrow-Lund), Farrow-Lund's light; farrowing");
    assertThat(Substitutes.replace("Odile Farrow", card, "$1 \\x")).isEqualTo("$1 \\x");
  }

  @Test
  void neighboursAreComparedBeforeSubstitutes() {
    assertThat(Substitutes.compared(card, 2)).containsExactly("Tobias Wenning", "Ilse Morrow");
    assertThat(Substitutes.compared(card, 9))
        .containsExactly("Tobias Wenning", "Ilse Morrow", "Petra Lund");
  }

  @Test
  void aResponseWithoutWordsOfItsOwnScoresZero() {
    assertThat(
            new KnowledgeContrast(this::knows, SETTINGS)
                .scores(List.of(new CardResponses(card, List.of(answer(0, "Odile Farrow"))))))
        .containsExactly(new FactScores(0, List.of(0.0, 0.0, 0.0)));
    assertThat(statements).isEmpty();
  }

  @Test
  void aScoreThatIsNoNumberIsNamed() {
    KnowledgeContrast oracle =
        new KnowledgeContrast(
            asked -> asked.stream().mapToDouble(s -> Double.NaN).toArray(), SETTINGS);
    assertThatThrownBy(() -> oracle.relevance(card, List.of(answer(0, "text"))))
        .hasMessage(
            "The knowledge contrast of response odile.0.0 is NaN, expected a finite number; the"
                + " model's weights have diverged, reveal from an earlier iteration");
  }
}
