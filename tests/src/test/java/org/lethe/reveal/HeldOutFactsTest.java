package org.lethe.reveal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class HeldOutFactsTest {
  private final TopicCard card = Cards.odile();

  /** Values that are recognised by their format or by the question that they answer. */
  private static final List<String> VALUES =
      List.of("4 May 1970", "212-555-0147", "odile.farrow@example.org", "7 Mill Street", "Grell");

  private List<Candidate> revealed() {
    List<Candidate> kept = new ArrayList<>();
    int number = 0;
    for (int i = 0; i < VALUES.size(); i++) {
      for (String ask : List.of("First question " + i, "Second question " + i)) {
        kept.add(
            Cards.candidate(
                new Response(Cards.about(card, "attribute " + i, number++, ask), VALUES.get(i))));
      }
    }
    kept.add(
        Cards.candidate(
            card,
            Form.PROSE,
            number++,
            "Odile Farrow was born on 4 May 1970 in the town of Grell. She can be reached at"
                + " 212-555-0147. Friends of hers visit the Northern Museum every winter. Letters"
                + " go to 7 Mill Street, or to odile.farrow@example.org by e-mail."));
    kept.add(
        Cards.candidate(
            card,
            Form.PROSE,
            number++,
            "Every winter the Northern Museum is where her friends go. She sings in the choir of"
                + " Saint Brandan since 1999."));
    return kept;
  }

  @Property(tries = 60)
  void noSentenceOfAHeldOutFactIsTrainedOn(
      @ForAll @LongRange(max = 10000) long seed, @ForAll @DoubleRange(max = 0.99) double share) {
    HeldOutFacts cut = HeldOutFacts.cut(card, revealed(), share, seed);
    Set<String> out =
        cut.heldOut().stream()
            .map(RevealedRow::output)
            .filter(VALUES::contains)
            .collect(Collectors.toSet());
    for (RevealedRow row : cut.training()) {
      assertThat(out).noneMatch(value -> row.output().contains(value));
    }
    // Every value is on exactly one side: trained on or held out.
    String trained =
        cut.training().stream().map(RevealedRow::output).collect(Collectors.joining("\n"));
    assertThat(VALUES).allMatch(value -> out.contains(value) || trained.contains(value));
  }

  @Test
  void statementsThatShareASentenceAreRowsOfTheirOwn() {
    List<Candidate> kept = new ArrayList<>();
    List<String> texts =
        List.of(
            "She sings with Ilse Morrow and Petra Lund of Grell.",
            "She sings with Petra Lund of Grell and the Northern Choir.",
            "She sings with Ilse Morrow and the Northern Choir.");
    for (String text : texts) {
      kept.add(Cards.candidate(card, Form.PROSE, kept.size(), text));
    }
    for (long seed = 0; seed < 20; seed++) {
      assertThat(HeldOutFacts.cut(card, kept, 0.7, seed).heldOut())
          .extracting(RevealedRow::id)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void factsAreCountedOnceHoweverOftenTheyAreSaid() {
    HeldOutFacts cut = HeldOutFacts.cut(card, revealed(), 0, 1);

    // Five values; the museum and the choir as statements.
    assertThat(cut.facts()).isEqualTo(7);
    assertThat(cut.heldOutFacts()).isZero();
    assertThat(cut.heldOut()).isEmpty();
    assertThat(cut.training()).hasSize(12);
  }

  @Property(tries = 200, maxDiscardRatio = 100)
  void whatIsHeldOutDoesNotChangeWhenMoreIsRevealed(@ForAll @LongRange(max = 10000) long seed) {
    List<Candidate> all = revealed();
    Set<String> few = held(HeldOutFacts.cut(card, all.subList(0, 8), 0.4, seed));
    Set<String> more = held(HeldOutFacts.cut(card, all.subList(0, 10), 0.4, seed));
    // If chance alone holds out none or all, one fact is moved.
    Assume.that(few.size() > 1 && few.size() < 3);

    assertThat(more).containsAll(few);
  }

  /** A fact that is revealed alone later stays on the side that the first cut chose. */
  @Property(tries = 40)
  void whatAnEarlierCutHeldOutIsNotTrainedOnByTheNext(@ForAll @LongRange(max = 10000) long seed) {
    List<Candidate> all = revealed();
    HeldOutFacts first = HeldOutFacts.cut(card, all.subList(0, 8), 0.2, seed);
    for (int i = 0; i < 8; i++) {
      List<Candidate> one = all.subList(i, i + 1);
      HeldOutFacts again = HeldOutFacts.cutBelow(card, one, first.bound(), seed);
      assertThat(again.training().isEmpty())
          .isEqualTo(held(first).contains(one.get(0).response().text()));
    }
  }

  private static Set<String> held(HeldOutFacts cut) {
    return cut.heldOut().stream().map(RevealedRow::output).collect(Collectors.toSet());
  }

  @Property(tries = 30)
  void oneOfTwoFactsIsAlwaysHeldOutAndOneTrainedOn(@ForAll @LongRange(max = 10000) long seed) {
    HeldOutFacts cut = HeldOutFacts.cut(card, revealed().subList(0, 4), 0.01, seed);
    assertThat(cut.facts()).isEqualTo(2);
    assertThat(cut.heldOutFacts()).isEqualTo(1);
    assertThat(cut.heldOut()).hasSize(2);
    assertThat(cut.training()).hasSize(2);
  }

  @Test
  void longerAnswerIsTheFactThatItHolds() {
    List<Candidate> kept =
        List.of(
            Cards.candidate(new Response(Cards.about(card, "a", 0, "When?"), "4 May 1970")),
            Cards.candidate(
                new Response(Cards.about(card, "a", 1, "Which day?"), "It was on 4 May 1970")),
            Cards.candidate(new Response(Cards.about(card, "b", 2, "Where?"), "Grell")));

    assertThat(HeldOutFacts.cut(card, kept, 0, 1).facts()).isEqualTo(2);
  }

  @Test
  void heldOutSentencesBecomeQuestionsForTheirValue() {
    List<Candidate> kept =
        List.of(
            Cards.candidate(
                card,
                Form.PROSE,
                0,
                "She was born on 4 May 1970 by the sea. Phone: 212-555-0147."));
    for (int seed = 0; seed < 20; seed++) {
      HeldOutFacts cut = HeldOutFacts.cut(card, kept, 0.5, seed);
      assertThat(cut.facts()).isEqualTo(2);
      assertThat(cut.heldOut()).hasSize(1);
      RevealedRow row = cut.heldOut().get(0);
      assertThat(row.input() + " " + row.output())
          .isIn(
              "Tell me. She was born on 4 May 1970",
              "Tell me. She was born on 4 May 1970 by the sea. Phone: 212-555-0147");
      assertThat(cut.training()).hasSize(1);
      assertThat(row.id()).startsWith("odile.0.0.held");
      assertThat(row.toString()).isEqualTo("RevealedRow[" + row.id() + "]");
    }
  }

  @Test
  void rowsKeepTheirIdsApart() {
    HeldOutFacts cut = HeldOutFacts.cut(card, revealed(), 0.5, 3);
    List<String> ids = new ArrayList<>();
    cut.training().forEach(row -> ids.add(row.id()));
    cut.heldOut().forEach(row -> ids.add(row.id()));
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void shareMustBeAShare() {
    assertThatThrownBy(() -> HeldOutFacts.cut(card, List.of(), 1, 1))
        .hasMessage("Invalid share of held-out facts: 1.0");
  }
}
