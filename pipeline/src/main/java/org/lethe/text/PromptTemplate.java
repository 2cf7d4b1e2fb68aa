package org.lethe.text;

import java.util.Map;
import java.util.Optional;
import org.lethe.error.TextErrors;

/** How a row's prompt becomes the text that the model sees. */
public sealed interface PromptTemplate permits PromptTemplate.Raw, ChatTemplate {

  /** The text that goes before the completion. */
  String render(String prompt);

  /** Whether the rendered text holds the special tokens itself, the begin token included. */
  boolean rendersSpecialTokens();

  /** The prompt as it is. */
  record Raw() implements PromptTemplate {
    @Override
    public String render(String prompt) {
      return prompt;
    }

    @Override
    public boolean rendersSpecialTokens() {
      return false;
    }
  }

  /** The prompt as it is. */
  static PromptTemplate raw() {
    return new Raw();
  }

  /**
   * The model's own chat template, with the prompt as the user's only message.
   *
   * @param systemMessage put before it, if any
   * @param where what messages call the model
   */
  static PromptTemplate chat(Tokenizer tokenizer, Optional<String> systemMessage, Object where) {
    String template = tokenizer.chatTemplate().orElseThrow(() -> TextErrors.noChatTemplate(where));
    return new ChatTemplate(
        template, Map.copyOf(tokenizer.specialTokens()), systemMessage, where.toString());
  }
}
