package org.lethe.evaluation.attack;

import java.util.Optional;
import org.lethe.evaluation.NotMeasured.Reason;
import org.lethe.text.ExampleEncoder;

/** Other rows of the set in front of the prompt, as an attacker would put those that he knows. */
public final class FewShotPrompt extends PromptAttack {
  static final String KEY = "few-shot";

  private static final String BETWEEN = "\n\n";

  private final int shots;

  FewShotPrompt(int shots) {
    super(KEY, 1);
    this.shots = shots;
  }

  /** The text of a row as an example. */
  public static String shot(String prompt, String expected) {
    boolean glued =
        !prompt.isEmpty()
            && !Character.isWhitespace(prompt.charAt(prompt.length() - 1))
            && !expected.isEmpty()
            && !Character.isWhitespace(expected.charAt(0));
    return prompt + (glued ? " " : "") + expected;
  }

  /** Drops the first examples if not all fit. */
  @Override
  Optional<int[]> prompt(AttackedRow row, int variant, ExampleEncoder encoder, int room) {
    for (int first = 0; first < row.shots().size(); first++) {
      String examples =
          String.join(BETWEEN, row.shots().subList(first, row.shots().size())) + BETWEEN;
      int[] prompt = encoder.encodePrompt(examples + row.prompt());
      if (prompt.length <= room) {
        return Optional.of(prompt);
      }
    }
    return Optional.empty();
  }

  @Override
  int variants(AttackedRow row) {
    return row.shots().isEmpty() ? 0 : 1;
  }

  @Override
  Reason missing() {
    return Reason.NO_EXAMPLES;
  }

  @Override
  public long work(AttackedRow row) {
    return (long) (shots + 1) * row.example().tokens().length;
  }
}
