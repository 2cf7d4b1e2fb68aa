package org.lethe.reveal;

/**
 * A model's answer to a prompt. The text is personal data; {@code toString} shows none.
 *
 * @param text opener and generated text together. Of an answer, only the first line that is not
 *     blank is kept, because base models continue with further questions
 */
public record Response(Prompt prompt, String text) {
  public Response {
    if (!text.startsWith(prompt.opener())) {
      throw new IllegalArgumentException(
          "Invalid response " + prompt.id() + ": it does not begin with its opener");
    }
    if (prompt.form() == Form.ANSWER) {
      String opener = prompt.opener();
      text =
          opener
              + text.substring(opener.length())
                  .lines()
                  .filter(line -> !line.isBlank())
                  .findFirst()
                  .orElse("");
    }
  }

  /** Returns the prompt's id. Safe to log. */
  public String id() {
    return prompt.id().toString();
  }

  /** Returns the text without the opener. */
  public String generated() {
    return text.substring(prompt.opener().length());
  }

  @Override
  public String toString() {
    return "Response[" + id() + "]";
  }
}
