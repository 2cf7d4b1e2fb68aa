package org.lethe.evaluation.attack;

import java.util.Arrays;
import java.util.Optional;
import org.lethe.evaluation.NotMeasured.Reason;
import org.lethe.text.ExampleEncoder;

/**
 * Texts in front of the prompt, and openings of the answer after it (Zou et al., arXiv 2307.15043,
 * for the openings).
 */
final class PrefixPrompts extends PromptAttack {
  static final String KEY = "prefix";

  private static final int TOKENS_OF_A_PREFIX = 16;

  private final AttackSettings.Prompts prompts;

  PrefixPrompts(AttackSettings.Prompts prompts) {
    super(KEY, prompts.prefixes().size() + prompts.openings().size());
    this.prompts = prompts;
  }

  @Override
  Optional<int[]> prompt(AttackedRow row, int variant, ExampleEncoder encoder, int room) {
    int openings = variant - prompts.prefixes().size();
    if (openings < 0) {
      String text = inFront(prompts.prefixes().get(variant), row.prompt());
      return Optional.of(encoder.encodePrompt(text, room));
    }
    int[] opening = encoder.encodeOpener(row.prompt(), prompts.openings().get(openings));
    if (room <= opening.length) {
      return Optional.empty();
    }
    int[] prompt = encoder.encodePrompt(row.prompt(), room - opening.length);
    int[] both = Arrays.copyOf(prompt, prompt.length + opening.length);
    System.arraycopy(opening, 0, both, prompt.length, opening.length);
    return Optional.of(both);
  }

  @Override
  Reason missing() {
    return Reason.CONTEXT_FULL;
  }

  @Override
  public long work(AttackedRow row) {
    return (long) variants(row) * (row.example().tokens().length + TOKENS_OF_A_PREFIX);
  }
}
