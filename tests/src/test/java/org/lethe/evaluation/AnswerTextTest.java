package org.lethe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerTextTest {
  @ParameterizedTest
  @CsvSource({
    "1969-07-20, 1969-07-20, 1",
    "Ada@Example.org, ' ada@example.ORG\n', 1",
    "1969-07-20, 1969-07-20., 0",
    "1969-07-20, '1969-07-20 was the day', 0",
    "a, '', 0"
  })
  void exactMatchComparesWholeStrippedLowerCaseTexts(String expected, String text, double score) {
    assertThat(ExactMatch.score(expected, text)).isEqualTo(score);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "... --", "\u2014\u2026"})
  void textWithoutLettersOrDigitsIsBlank(String text) {
    assertThat(Degeneration.blank(text)).isEqualTo(1);
    assertThat(Degeneration.blank(text + "\u4eac")).isZero();
  }

  @Test
  void loopsCountAsRepetition() {
    assertThat(Degeneration.repetition("the the the the the the the the the the the"))
        .isGreaterThan(0.8);
    assertThat(Degeneration.repetition("once upon a time there was ".repeat(10)))
        .isGreaterThan(0.8);
    assertThat(Degeneration.repetition("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")).isEqualTo(1);
    assertThat(Degeneration.repetition("\u6771\u4eac".repeat(12))).isEqualTo(1);
    assertThat(Degeneration.repetition("!".repeat(40))).isEqualTo(1);
  }

  @Test
  void ordinaryAnswersDoNotCountAsRepetition() {
    assertThat(Degeneration.repetition("")).isZero();
    assertThat(Degeneration.repetition("900000000")).isZero();
    assertThat(Degeneration.repetition("His mother lives in Rome and his father lives in Oslo."))
        .isZero();
  }

  @Test
  void repetitionIsTheShareOfRepeatedFourGrams() {
    // 7 words, 4 four-grams; "a b c d" occurs twice.
    assertThat(Degeneration.repetition("a b c d x a b c d")).isCloseTo(1 - 5.0 / 6, within(1e-12));
  }
}
