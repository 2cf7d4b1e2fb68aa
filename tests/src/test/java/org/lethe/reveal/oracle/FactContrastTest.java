package org.lethe.reveal.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.Cards;
import org.lethe.reveal.Form;
import org.lethe.reveal.Response;
import org.lethe.reveal.Span;
import org.lethe.reveal.Substitutes;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.oracle.Contrast.CardResponses;
import org.lethe.reveal.oracle.Contrast.Score;
import org.lethe.reveal.oracle.ContrastSettings.Method;
import org.lethe.reveal.oracle.FactContrast.Invented;
import org.lethe.reveal.oracle.StatementModel.Statement;

final class FactContrastTest {
  private static final ContrastSettings SETTINGS = new ContrastSettings(Method.FACTS, 3, 0.25, 3);

  /** Odile Farrow, compared with Tobias Wenning, Ilse Morrow and Petra Lund. */
  private final TopicCard card = Cards.odile();

  private final List<List<Statement>> requests = new ArrayList<>();

  /** A model that knows one fact about one person. */
  private double[] knows(List<Statement> asked) {
    requests.add(asked);
    return asked.stream()
        .mapToDouble(
            s -> (s.prompt() + s.text()).contains("Odile") && s.text().contains("1970") ? -1 : -3)
        .toArray();
  }

  private Response answer(TopicCard about, int number, String text) {
    return new Response(
        Cards.prompt(about, Form.ANSWER, number, "When was " + about.name() + " born?"), text);
  }

  private FactContrast oracle() {
    return new FactContrast(
        this::knows,
        SETTINGS,
        () -> {
          TopicCard nobody = Substitutes.inventedCards(card, 3).get(0);
          return new Invented(
              List.of(new CardResponses(nobody, List.of(answer(nobody, 0, "in 1950")))), 3);
        });
  }

  @Test
  void knownFactsExceedWhatIsInventedAboutNobody() {
    FactContrast oracle = oracle();
    List<Response> responses = List.of(answer(card, 0, "in 1970"), answer(card, 1, "in 1950"));

    List<Score> scores = oracle.scores(List.of(new CardResponses(card, responses)));

    // The null is one ratio of 0 in three answers: p = 1 / 4 for the ratio 2, 2 / 4 for 0.
    assertThat(scores).extracting(Score::relevance).containsExactly(0.5, 0.0);
    assertThat(scores.get(0).contrast()).isCloseTo(2, within(1e-12));
    assertThat(scores.get(1).contrast()).isCloseTo(0, within(1e-12));
    assertThat(oracle.relevance(card, responses)).containsExactly(0.5, 0.0);
    // One request for the null, one for each call.
    assertThat(requests).hasSize(3);
  }

  @Test
  void nothingIsAskedForNoResponses() {
    FactContrast oracle =
        new FactContrast(
            this::knows,
            SETTINGS,
            () -> {
              throw new AssertionError("asked");
            });
    assertThat(oracle.scores(List.of(new CardResponses(card, List.of())))).isEmpty();
    assertThat(requests).isEmpty();
  }

  @Test
  void equalStatementsAreScoredOnce() {
    oracle()
        .scores(
            List.of(
                new CardResponses(card, List.of(answer(card, 0, "1970"), answer(card, 1, "1950"))),
                new CardResponses(card, List.of(answer(card, 2, "1970")))));
    // Two answers, each about the subject and three other names.
    assertThat(requests.get(1)).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void everySentenceIsAStatementOfItsOwnAndItsFactsMoveWithTheName() {
    oracle()
        .relevance(
            card,
            List.of(
                new Response(
                    Cards.prompt(card, Form.PROSE, 0, "Who is Odile Farrow?"),
                    "Odile Farrow moved to Grell. In May, Farrow met Ida Bo.")));
    assertThat(requests.get(1))
        .contains(
            statement("Odile Farrow", "Odile Farrow moved to Grell.", 22, 27),
            statement("Odile Farrow", "In May, Farrow met Ida Bo.", 3, 6, 19, 22, 23, 25),
            statement("Tobias Wenning", "Tobias Wenning moved to Grell.", 24, 29),
            statement("Tobias Wenning", "In May, Wenning met Ida Bo.", 3, 6, 20, 23, 24, 26),
            statement("Ilse Morrow", "Ilse Morrow moved to Grell.", 21, 26),
            statement("Ilse Morrow", "In May, Morrow met Ida Bo.", 3, 6, 19, 22, 23, 25))
        .hasSize(8);
  }

  private static Statement statement(String name, String text, int... ends) {
    List<Span> facts = new ArrayList<>();
    for (int i = 0; i < ends.length; i += 2) {
      facts.add(new Span(ends[i], ends[i + 1]));
    }
    return new Statement("Who is " + name + "?", text, facts);
  }

  @Test
  void aResponseWithoutWordsOfItsOwnHasNoContrast() {
    assertThat(oracle().relevance(card, List.of(answer(card, 0, "Odile Farrow"))))
        .containsExactly(0);
  }

  @Test
  void neighboursAreComparedBeforeSubstitutes() {
    assertThat(Substitutes.compared(card, 2)).containsExactly("Tobias Wenning", "Ilse Morrow");
    assertThat(Substitutes.compared(card, 9))
        .containsExactly("Tobias Wenning", "Ilse Morrow", "Petra Lund");
  }

  @Test
  void inventedCardsAskTheSameAboutOthersAndAreComparedWithTheRest() {
    // Two substitutes can be compared with each other, but not with two others.
    List<TopicCard> two = Substitutes.inventedCards(card, 1);
    assertThat(two).extracting(TopicCard::name).containsExactly("Ilse Morrow", "Petra Lund");
    assertThat(two).extracting(TopicCard::id).containsExactly("odile-x00", "odile-x01");
    assertThat(two.get(0).description()).isEqualTo("Ilse Morrow keeps a lighthouse.");
    assertThat(two.get(0).attributes()).isEqualTo(card.attributes());
    assertThat(Substitutes.compared(two.get(0), 3)).containsExactly("Petra Lund");
    List<TopicCard> ten = Substitutes.inventedCards(card, 2);
    assertThat(ten).hasSize(10);
    assertThat(Substitutes.compared(ten.get(9), 3)).hasSize(3).doesNotContain(ten.get(9).name());
  }

  @Test
  void aScoreThatIsNoNumberIsNamed() {
    FactContrast oracle =
        new FactContrast(
            asked -> asked.stream().mapToDouble(s -> Double.NaN).toArray(),
            SETTINGS,
            () -> new Invented(List.of(), 3));
    assertThatThrownBy(() -> oracle.relevance(card, List.of(answer(card, 0, "text"))))
        .hasMessage(
            "The knowledge contrast of response odile.0.0 is NaN, expected a finite number; the"
                + " model's weights have diverged, reveal from an earlier iteration");
  }

  @Test
  void settingsThatNoAnswerCanMeetAreRejected() {
    assertThatThrownBy(() -> new ContrastSettings(Method.FACTS, 4, 0.05, 18))
        .hasMessage(
            "Invalid number of prompts about invented people: 18, expected at least 1 / 0.05 - 1,"
                + " so that the false-accept rate can be met");
    assertThatThrownBy(() -> new ContrastSettings(Method.FACTS, 0, 0.05, 64))
        .hasMessage("Invalid number of names: 0, at least 1");
    assertThatThrownBy(() -> new ContrastSettings(Method.FACTS, 4, 0, 64))
        .hasMessage("Invalid false-accept rate: 0.0, expected in (0, 1]");
  }
}
