package org.lethe.text;

import java.io.Serializable;
import java.util.Objects;

/**
 * How texts become tokens.
 *
 * @param template rendering of prompts
 * @param chat what a chat template renders besides the prompt
 * @param controlTokens rows of a corpus in which control tokens stand
 */
public record TextSettings(Template template, ChatSettings chat, ControlTokenRows controlTokens)
    implements Serializable {
  /** Prompts unchanged, control tokens in rows as text. */
  public static final TextSettings DEFAULT =
      new TextSettings(Template.NONE, ChatSettings.DEFAULT, ControlTokenRows.SPLIT);

  /** Rendering of prompts. */
  public enum Template {
    /** Unchanged. */
    NONE,
    /** With the model's chat template. */
    CHAT
  }

  /** Treatment of rows of a corpus in which control tokens stand. */
  public enum ControlTokenRows {
    /** The control tokens are encoded as text. */
    SPLIT,
    /** The row is set aside. */
    SET_ASIDE
  }

  public TextSettings {
    Objects.requireNonNull(template);
    Objects.requireNonNull(chat);
    Objects.requireNonNull(controlTokens);
  }

  /**
   * Returns the rendering of prompts for a model.
   *
   * @param where name of the model in messages
   */
  public PromptTemplate promptTemplate(Tokenizer tokenizer, Object where) {
    return switch (template) {
      case NONE -> PromptTemplate.raw();
      case CHAT -> PromptTemplate.chat(tokenizer, chat, where);
    };
  }

  /** The same settings with another system message, unless that is blank. */
  public TextSettings withSystemMessage(String message) {
    return new TextSettings(template, chat.withSystemMessage(message), controlTokens);
  }
}
