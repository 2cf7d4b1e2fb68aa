package org.lethe.corpus.unseen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lethe.corpus.unseen.Substitution.Text;

/** Another person's answers have the words of their kind, and facts that the corpus has. */
final class AnswerKindsTest {
  private static final List<Text> ADDRESSES =
      List.of(
          new Text("Where does Ada North live?", "72 Park Street, Corby"),
          new Text("Where does Bruno Ash live?", "87 Garden Street, Fleet"),
          new Text("Where does Carla Orr live?", "84 High Street, Goole"),
          new Text("Where does Dario Hill live?", "65 Mill Street, Corby"),
          new Text("Where does Elsa Vale live?", "6 Lake Street, Epsom"));

  private static final List<Text> NUMBERS =
      List.of(
          new Text("What is the phone number of Ada North?", "646-555-0191"),
          new Text("What is the phone number of Bruno Ash?", "745-555-0114"),
          new Text("What is the phone number of Carla Orr?", "265-555-0174"),
          new Text("What is the phone number of Dario Hill?", "274-555-0186"),
          new Text("What is the phone number of Elsa Vale?", "689-555-0129"));

  private final Substitution substitution = new Substitution(42);
  private final AnswerKinds known =
      new AnswerKinds(
          Stream.concat(ADDRESSES.stream(), NUMBERS.stream())
              .map(row -> Substitution.facts(row.prompt(), row.completion()))
              .toList());

  @Test
  void anAnswerKeepsTheWordsOfItsKindAndGetsOtherFactsOfTheCorpus() {
    for (Text row : ADDRESSES) {
      Text made = substitution.replaced(row.prompt(), row.completion(), known);

      assertThat(made.prompt())
          .matches("Where does [A-Z][a-z]+ [A-Z][a-z]+ live\\?")
          .doesNotContain("Ada", "Bruno", "Carla", "Dario", "Elsa");
      assertThat(made.completion())
          .matches(
              "([6-8][2457]|6) (Park|Garden|High|Mill|Lake) Street, (Corby|Fleet|Goole|Epsom)");
      String[] was = row.completion().split("[ ,]+");
      String[] is = made.completion().split("[ ,]+");
      for (int place : new int[] {0, 1, 3}) {
        assertThat(is[place]).isNotEqualTo(was[place]);
      }
    }
    assertThat(substitution.replaced(NUMBERS.get(0).prompt(), "646-555-0191", known).completion())
        .matches("([27][678][459]|745)-555-01[1278][469]");
  }

  @Test
  void aNumberStaysWithinTheKnownOnes() {
    List<Text> days =
        Stream.of("19 May", "21 May", "28 May", "30 May", "11 May")
            .map(date -> new Text("When?", date))
            .toList();
    AnswerKinds dates =
        new AnswerKinds(
            days.stream().map(row -> Substitution.facts(row.prompt(), row.completion())).toList());

    for (long seed = 0; seed < 20; seed++) {
      for (Text row : days) {
        Text made = new Substitution(seed).replaced("When?", row.completion(), dates);
        assertThat(made.completion()).matches("(1\\d|2\\d|30) May").isNotEqualTo(row.completion());
      }
    }
  }

  @Test
  void theSameFactsAreReplacedAlikeInAllKinds() {
    List<Text> letters =
        ADDRESSES.stream()
            .map(row -> new Text(row.prompt().replace("live", "reside"), row.completion()))
            .toList();
    AnswerKinds both =
        new AnswerKinds(
            Stream.concat(ADDRESSES.stream(), letters.stream())
                .map(row -> Substitution.facts(row.prompt(), row.completion()))
                .toList());

    for (int i = 0; i < letters.size(); i++) {
      String answer = ADDRESSES.get(i).completion();
      assertThat(substitution.replaced(letters.get(i).prompt(), answer, both).completion())
          .isEqualTo(substitution.replaced(ADDRESSES.get(i).prompt(), answer, both).completion());
    }
  }

  @Test
  void namesOfThePromptAreReplacedFromTheListsEverywhere() {
    List<Text> mails =
        Stream.of("Ada North", "Bruno Ash", "Carla Orr", "Dario Hill", "Elsa Vale")
            .map(
                name ->
                    new Text(
                        "What is the e-mail of " + name + "?",
                        name.toLowerCase(java.util.Locale.ROOT).replace(' ', '.') + "@example.org"))
            .toList();
    AnswerKinds kinds =
        new AnswerKinds(
            mails.stream().map(row -> Substitution.facts(row.prompt(), row.completion())).toList());

    Text made = substitution.replaced(mails.get(0).prompt(), mails.get(0).completion(), kinds);

    assertThat(made)
        .isEqualTo(
            substitution.replaced(
                mails.get(0).prompt(), mails.get(0).completion(), AnswerKinds.NONE));
    assertThat(made.completion()).matches("[a-z]+\\.[a-z]+@example\\.org");
  }

  @Test
  void fewAnswersOfAKindTeachNothing() {
    AnswerKinds few =
        new AnswerKinds(
            ADDRESSES.subList(0, 4).stream()
                .map(row -> Substitution.facts(row.prompt(), row.completion()))
                .toList());
    Text row = ADDRESSES.get(0);

    assertThat(substitution.replaced(row.prompt(), row.completion(), few))
        .isEqualTo(substitution.replaced(row.prompt(), row.completion(), AnswerKinds.NONE));
    assertThat(few.toString()).doesNotContain("Corby");
  }
}
