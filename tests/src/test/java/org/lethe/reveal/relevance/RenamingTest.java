package org.lethe.reveal.relevance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.Cards;
import org.lethe.reveal.Span;
import org.lethe.reveal.Substitutes;
import org.lethe.reveal.TopicCard;

final class RenamingTest {
  private final TopicCard card = Cards.odile();

  private List<String> facts(String text, String name, Span... facts) {
    Renaming renaming = Renaming.of(text, List.of(facts), card, name);
    assertThat(renaming.text()).isEqualTo(Substitutes.replace(text, card, name));
    return renaming.facts().stream()
        .map(span -> renaming.text().substring(span.from(), span.to()))
        .toList();
  }

  @Test
  void factsKeepTheirWordsBehindLongerAndShorterNames() {
    String text = "In 1970 Odile Farrow met Ida, and Farrow left Grell.";
    Span[] facts = {new Span(3, 7), new Span(25, 28), new Span(46, 51)};
    assertThat(facts(text, "Ann Li", facts)).containsExactly("1970", "Ida", "Grell");
    assertThat(facts(text, "Wilhelmina Albrechtsberger", facts))
        .containsExactly("1970", "Ida", "Grell");
  }

  @Test
  void aFactThatHoldsANameHoldsTheOther() {
    String text = "Write to o.farrow@example.org, Farrow says.";
    assertThat(facts(text, "Ilse Morrow", new Span(9, 29))).containsExactly("o.Morrow@example.org");
    assertThat(facts("Farrow", "Ilse Morrow", new Span(0, 6))).containsExactly("Morrow");
    assertThat(facts("", "Ilse Morrow")).isEmpty();
    assertThat(Renaming.of("Farrow", List.of(), card, "Ida Bo").toString())
        .isEqualTo("Renaming[2 characters]");
  }
}
