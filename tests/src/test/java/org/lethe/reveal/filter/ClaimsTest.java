package org.lethe.reveal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.Cards;
import org.lethe.reveal.Form;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.filter.FilterSettings.Agreement;

final class ClaimsTest {
  private final TopicCard card = Cards.odile();
  private final List<Candidate> candidates = new ArrayList<>();

  private void answer(String attribute, String ask, String text) {
    candidates.add(
        Cards.candidate(new Response(Cards.about(card, attribute, candidates.size(), ask), text)));
  }

  private Filters.Result filtered(double agreementShare) {
    return filtered(Agreement.FACTS, agreementShare);
  }

  private Filters.Result filtered(Agreement agreement, double agreementShare) {
    return new Filters(
            new FilterSettings(20, 1, 0.3, 0.5, 0, agreement, agreementShare, 5, 0.8, 0.05))
        .apply(card, candidates);
  }

  private void births() {
    for (String text :
        List.of(
            "Odile Farrow was born on 4 May 1970 in the town of Grell.",
            "Farrow was born in 1970.",
            "It was 4 May 1970.",
            "Odile Farrow was born on 9 June 1456 in the town of Hale.",
            "She was born in 1456.",
            "Odile Farrow was born on 1 July 1802 in the town of Morn.")) {
      answer("birth date", "When was Odile Farrow born?", text);
    }
  }

  @Test
  void sharedProseIsNoAgreement() {
    births();
    // The last answer has most words of the first and the fourth, and none of their facts.
    Filters.Result result = filtered(0.3);
    assertThat(result.kept()).containsExactlyElementsOf(candidates.subList(0, 5));
    assertThat(result.report().dropped().get(DropReason.NO_AGREEMENT)).isEqualTo(1);
    // Whole sentences rarely agree in their words.
    assertThat(filtered(Agreement.WORDS, 0.3).kept()).isEmpty();
  }

  @Test
  void contradictingClaimsAreKeptWithEnoughAgreementAndCounted() {
    births();
    answer("town", "Where does Odile Farrow live?", "In Grell");
    candidates.add(Cards.candidate(card, Form.PROSE, 9, "x"));

    assertThat(filtered(0.3).claims())
        .containsExactly(new ClaimCounts("birth date", 6, 5, 2), new ClaimCounts("town", 1, 1, 1));
    assertThat(filtered(0.3).claims())
        .extracting(ClaimCounts::contradict)
        .containsExactly(true, false);
    // Half of the answers have to agree: three say 1970.
    assertThat(filtered(0.5).claims())
        .containsExactly(new ClaimCounts("birth date", 6, 3, 1), new ClaimCounts("town", 1, 1, 1));
    assertThat(filtered(0.6).claims().get(0)).isEqualTo(new ClaimCounts("birth date", 6, 0, 0));
  }
}
