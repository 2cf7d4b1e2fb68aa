package org.lethe.evaluation.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Shares of degenerate answers, by hand. */
final class SetFormTest {
  @Test
  void anAnswerIsBlankOrRepeatedOrNeither() {
    // "a b c d" twice: 5 word 4-grams, 4 of them different. The dots are blank, and a loop.
    SetForm form =
        SetForm.of(List.of("6 December 1981", "", ". . . . . . . . . .", "a b c d a b c d"));

    assertThat(form.blank()).isEqualTo(0.5);
    assertThat(form.repetition()).isCloseTo(0.2 / 4, within(1e-12));
    assertThat(form.degenerate()).isCloseTo(0.55, within(1e-12));
    assertThat(form.count()).isEqualTo(4);
  }

  @Test
  void theExcessComparesForgetRowsWithUnseenRows() {
    FormReading reading = new FormReading(new SetForm(0.25, 0.25, 8), new SetForm(0.25, 0, 8));

    assertThat(reading.excess()).isEqualTo(0.25);
    assertThat(reading.words())
        .isEqualTo("50 % of the answers to forget rows are empty or repeated (unseen rows: 25 %)");
  }

  @Test
  void impossibleSharesAreRejected() {
    assertThatThrownBy(() -> new SetForm(0.7, 0.7, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid form: 0.7 and 0.7 of 8 answers");
    assertThatThrownBy(() -> new FormSettings(-1, 8, 42))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid form settings: -1 rows, 8 new tokens");
  }
}
