package org.lethe.text;

import java.util.Map;
import org.lethe.error.TextErrors;

/** Turns a row's prompt into the text that the model sees. */
public sealed interface PromptTemplate permits PromptTemplate.Raw, ChatTemplate {

  /** Returns the token ids of the text that precedes the completion. */
  int[] encode(String prompt, Tokenizer tokenizer);

  /** Whether the rendered text contains the special tokens, including the begin token. */
  boolean rendersSpecialTokens();

  /** The unchanged prompt. */
  record Raw() implements PromptTemplate {
    @Override
    public int[] encode(String prompt, Tokenizer tokenizer) {
      return tokenizer.encode(prompt);
    }

    @Override
    public boolean rendersSpecialTokens() {
      return false;
    }
  }

  /** Returns a template that leaves the prompt unchanged. */
  static PromptTemplate raw() {
    return new Raw();
  }

  /**
   * Returns the model's own chat template, with the prompt as the user's only message.
   *
   * @param where name of the model in messages
   */
  static PromptTemplate chat(Tokenizer tokenizer, ChatSettings settings, Object where) {
    String template = tokenizer.chatTemplate().orElseThrow(() -> TextErrors.noChatTemplate(where));
    return new ChatTemplate(
        template, Map.copyOf(tokenizer.specialTokens()), settings, where.toString());
  }
}
