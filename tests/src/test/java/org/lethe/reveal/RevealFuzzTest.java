package org.lethe.reveal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.lethe.error.LetheException;
import org.lethe.reveal.filter.FilterSettings;
import org.lethe.reveal.filter.Filters;
import org.lethe.reveal.oracle.NameLink;

/**
 * For any bytes, the readers return a valid value or throw an error of one line. Runs in regression
 * mode by default; JAZZER_FUZZ=1 fuzzes.
 */
final class RevealFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void cardsAreReadOrRefused(byte[] input) {
    try {
      List<TopicCard> cards = TopicCards.read(input, "input");
      for (TopicCard card : cards.subList(0, Math.min(3, cards.size()))) {
        for (ModelKind kind : ModelKind.values()) {
          List<Arm> arms = ArmPool.builtIn(kind).arms(card, 40, 1);
          PromptMaker maker = new PromptMaker(card, arms, 1);
          for (Arm arm : arms) {
            Prompt prompt = maker.prompt(new PromptId(card.id(), arm.index(), 0));
            if (prompt.ask().isBlank()) {
              throw new AssertionError("blank ask");
            }
          }
        }
      }
    } catch (LetheException refused) {
      check(refused);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void poolsAreReadOrRefused(byte[] input) {
    try {
      ArmPool.read(input, "input");
    } catch (LetheException refused) {
      check(refused);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void anyTextCanBeFilteredAndSearchedForFacts(byte[] input) {
    String text = new String(input, java.nio.charset.StandardCharsets.UTF_8);
    TopicCard card = Cards.odile();
    for (Form form : Form.values()) {
      Candidate candidate = Cards.candidate(card, form, 0, text);
      new Filters(FilterSettings.defaults()).apply(card, List.of(candidate));
      HeldOutFacts.cut(card, List.of(candidate), 0.5, 1);
      new NameLink().relevance(card, List.of(candidate.response()));
    }
  }

  private static void check(LetheException refused) {
    if (refused.getMessage().contains("\n")) {
      throw new AssertionError("message of more than one line", refused);
    }
  }
}
