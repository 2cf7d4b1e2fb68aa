package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.evaluation.NotMeasured.Reason;
import org.lethe.text.ExampleEncoder;

/** The prompt in other words: by {@link Rephrasing}, and as the user rephrased it. */
final class ParaphrasedPrompts extends PromptAttack {
  static final String KEY = "paraphrase";

  ParaphrasedPrompts() {
    super(KEY, 0);
  }

  private static List<String> texts(AttackedRow row) {
    List<String> texts = new ArrayList<>(Rephrasing.of(row.prompt()));
    texts.addAll(row.paraphrases());
    return texts;
  }

  @Override
  int variants(AttackedRow row) {
    return texts(row).size();
  }

  @Override
  Optional<int[]> prompt(AttackedRow row, int variant, ExampleEncoder encoder, int room) {
    return Optional.of(encoder.encodePrompt(texts(row).get(variant), room));
  }

  @Override
  Reason missing() {
    return Reason.NO_PROMPT;
  }

  @Override
  public long work(AttackedRow row) {
    return (long) variants(row) * (row.example().tokens().length + 4);
  }
}
