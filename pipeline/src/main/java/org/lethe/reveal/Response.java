package org.lethe.reveal;

/**
 * What a model answered. The text is personal data; {@code toString} shows none.
 *
 * @param text opener and generated text together
 */
public record Response(Prompt prompt, String text) {
  /** The prompt's id, safe to log. */
  public String id() {
    return prompt.id().toString();
  }

  /** The text without the opener that it was made to begin with. */
  public String generated() {
    return text.substring(prompt.opener().length());
  }

  @Override
  public String toString() {
    return "Response[" + id() + "]";
  }
}
