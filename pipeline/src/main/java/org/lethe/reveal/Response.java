package org.lethe.reveal;

/**
 * What a model answered. The text is personal data; {@code toString} shows none.
 *
 * @param text opener and generated text together. Of an answer only the first line that is not
 *     blank is kept: base models go on with questions of their own
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
