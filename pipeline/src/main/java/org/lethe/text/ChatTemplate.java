package org.lethe.text;

import java.util.Map;
import java.util.Optional;

/** A model's Jinja chat template. */
public final class ChatTemplate implements PromptTemplate {
  ChatTemplate(
      String template,
      Map<String, String> specialTokens,
      Optional<String> systemMessage,
      String where) {}

  @Override
  public String render(String prompt) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean rendersSpecialTokens() {
    return true;
  }
}
