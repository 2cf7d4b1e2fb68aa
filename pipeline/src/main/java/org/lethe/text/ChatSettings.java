package org.lethe.text;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.Objects;

/**
 * What a chat template renders besides the prompt.
 *
 * @param systemMessage message from the system before the prompt; empty: none, so that the template
 *     writes its own default if it has one
 * @param date what the template gets as today's date
 */
public record ChatSettings(String systemMessage, LocalDate date) implements Serializable {
  /** No system message, and the date that Llama 3's templates fall back to. */
  public static final ChatSettings DEFAULT = new ChatSettings("", LocalDate.of(2024, 7, 26));

  public ChatSettings {
    Objects.requireNonNull(systemMessage);
    Objects.requireNonNull(date);
  }

  /** The same settings with another system message, unless that is blank. */
  public ChatSettings withSystemMessage(String message) {
    return message.isBlank() ? this : new ChatSettings(message, date);
  }
}
