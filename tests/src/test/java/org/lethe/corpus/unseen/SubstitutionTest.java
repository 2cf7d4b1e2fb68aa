package org.lethe.corpus.unseen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.corpus.unseen.Substitution.Text;

final class SubstitutionTest {
  private final Substitution substitution = new Substitution(42);

  private static Text replaced(Substitution substitution, String prompt, String completion) {
    return substitution.replaced(prompt, completion, AnswerKinds.NONE);
  }

  private static Set<String> words(String text) {
    return new HashSet<>(Arrays.asList(text.split("[^\\p{L}\\p{N}]+")));
  }

  @Test
  void namesPlacesDatesAndDigitsAreReplaced() {
    Text text =
        replaced(
            substitution,
            "Where was Ada Turner born, and when?",
            "Ada was born in Lisbon on 12 March 1987. Turner's phone number is 555-0142, mail"
                + " ada.turner@example.org.");

    assertThat(words(text.prompt() + " " + text.completion()))
        .doesNotContain("Ada", "Turner", "Lisbon", "March", "1987", "12", "0142", "ada", "turner")
        .contains("Where", "was", "born", "and", "when", "phone", "number", "example", "org");
    assertThat(text.completion()).matches(".*\\d\\d\\d-\\d\\d\\d\\d, mail [a-z]+\\.[a-z]+@.*");
  }

  @Test
  void aNameHasTheSameSubstituteEverywhere() {
    Text question = replaced(substitution, "What did Hsiao Yun-Hwa write?", "A book.");
    Text other = replaced(substitution, "Is it true that Hsiao lives alone?", "Yes, Hsiao does.");

    String name = question.prompt().split(" ")[2];
    assertThat(other.prompt()).isEqualTo("Is it true that " + name + " lives alone?");
    assertThat(other.completion()).isEqualTo("Yes, " + name + " does.");
  }

  @Test
  void aNameInAnAddressIsThatOfThePrompt() {
    Text text = replaced(substitution, "What is the e-mail of Dora Ives?", "dora.ives@example.org");

    String[] name = text.prompt().replace("?", "").split(" ");
    assertThat(text.completion())
        .isEqualTo((name[5] + "." + name[6] + "@example.org").toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void aNameAtTheBeginningOfASentenceIsReplacedWithTheNameAfterIt() {
    Text text = replaced(substitution, "Who is it?", "Marta Olsen is it.");

    assertThat(text.completion())
        .doesNotContain("Marta")
        .doesNotContain("Olsen")
        .endsWith("is it.");
    assertThat(text.prompt()).isEqualTo("Who is it?");
  }

  @Test
  void textWithoutNamesOrDigitsStays() {
    assertThat(replaced(substitution, "What is it? I know.", "It is green, I'm sure."))
        .isEqualTo(new Text("What is it? I know.", "It is green, I'm sure."));
  }

  @ParameterizedTest
  @CsvSource({"07/31/1999, '(0[1-9]|1[0-2])/(1[3-9]|2\\d|3[01])/19\\d\\d'", "2012, 19\\d\\d"})
  void datesStayPossible(String date, String pattern) {
    Text text = replaced(substitution, "When?", date);

    assertThat(text.completion()).matches(pattern).isNotEqualTo(date);
  }

  @Test
  void anotherSeedGivesOtherSubstitutes() {
    List<String> made =
        List.of(1L, 2L, 3L, 4L).stream()
            .map(seed -> replaced(new Substitution(seed), "Where is Ada?", "In Lisbon.").prompt())
            .distinct()
            .toList();
    assertThat(made).hasSizeGreaterThan(1);
  }

  @Test
  void anotherAnswerKeepsWordsOfThePromptAndCommonWords() {
    String prompt = "Where does Ada Turner live, and since 1987?";
    String answer = "Ada Turner has lived at 12 Mill Street, Avon since 1987, ada.turner@mail.org.";

    assertThat(substitution.answer(prompt, answer, Set.of("Street", "12")))
        .matches(
            "Ada Turner has lived at 12 (?!Mill)[A-Z][a-z]+ Street, (?!Avon)[A-Z][a-z]+ since 1987,"
                + " (?!ada)[a-z]+\\.(?!turner)[a-z]+@mail\\.org\\.");
  }

  @Test
  void anAnswerOfOneNameIsReplaced() {
    assertThat(substitution.answer("Where was Ada born?", "Lisbon.", Set.of()))
        .matches("(?!Lisbon)[A-Z][a-z]+\\.");
    assertThat(substitution.answer("Ada or Bruno?", "Ada", Set.of())).isNotEqualTo("Ada");
    assertThat(substitution.answer("What is it?", "it is green", Set.of()))
        .isEqualTo("it is green");
  }

  @Property(tries = 200)
  void digitsAlwaysDiffer(@ForAll @StringLength(max = 40) String text) {
    Text made = replaced(substitution, text, "7 " + text);

    assertThat(made.completion()).doesNotStartWith("7 ");
    assertThat(made).isEqualTo(replaced(new Substitution(42), text, "7 " + text));
  }
}
