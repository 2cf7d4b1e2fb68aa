package org.lethe.corpus.input;

import org.lethe.text.EncodedExample;
import org.lethe.text.Example;

/** A tokenizer for tests: one token per character, begin 1, end 2. It cuts long completions. */
public final class CharacterEncoder implements RowEncoder {
  public static final RowEncoder.Source SOURCE = hadoop -> new CharacterEncoder();

  @Override
  public EncodedExample encode(String id, String prompt, String completion, int maxLength) {
    int[] all = new int[prompt.length() + completion.length() + 2];
    all[0] = 1;
    String text = prompt + completion;
    for (int i = 0; i < text.length(); i++) {
      all[i + 1] = text.charAt(i);
    }
    all[all.length - 1] = 2;
    int[] kept = java.util.Arrays.copyOf(all, Math.min(all.length, maxLength));
    int promptTokens = Math.min(prompt.length() + 1, kept.length - 1);
    return new EncodedExample(new Example(id, kept, promptTokens), all.length - kept.length);
  }
}
