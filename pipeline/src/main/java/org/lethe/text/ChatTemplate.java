package org.lethe.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.lethe.error.TextErrors;
import org.lethe.text.jinja.JinjaTemplate;
import org.lethe.text.jinja.runtime.JinjaException;
import org.lethe.text.jinja.runtime.RejectedByTemplate;

/**
 * Renders a prompt with the model's own Jinja chat template: the prompt is the user's only message,
 * followed by the beginning of the assistant's answer. It never passes tools.
 *
 * <p>The template comes with the model and is not trusted; see {@link JinjaTemplate}. The prompt
 * and the system message are data: braces in them are not evaluated, and control tokens in them
 * become ordinary text.
 *
 * <p>The constructor renders a probe and rejects a template that fails. Only that message may quote
 * the template's own words, because a later refusal could quote the prompt.
 */
public final class ChatTemplate implements PromptTemplate {
  private static final String PROBE = "probe";

  private final JinjaTemplate template;
  private final Map<String, String> specialTokens;
  private final ChatSettings settings;
  private final String where;

  /**
   * @param template Jinja in the dialect of Hugging Face
   * @param specialTokens values by name: {@code bos_token}, {@code eos_token}...
   * @param where name of the model in messages
   */
  public ChatTemplate(
      String template, Map<String, String> specialTokens, ChatSettings settings, String where) {
    this.specialTokens = Map.copyOf(specialTokens);
    this.settings = settings;
    this.where = where;
    try {
      this.template = JinjaTemplate.parse(template);
      if (!rendered(PROBE, UnaryOperator.identity()).contains(PROBE)) {
        throw TextErrors.chatTemplateFailed(where, "it drops the user's message");
      }
    } catch (RejectedByTemplate e) {
      throw TextErrors.chatTemplateFailed(where, "the template refuses: " + e.reason());
    } catch (JinjaException e) {
      throw TextErrors.chatTemplateFailed(where, e.getMessage());
    }
  }

  /** Returns the text that precedes the completion. */
  public String render(String prompt) {
    return render(prompt, UnaryOperator.identity());
  }

  @Override
  public int[] encode(String prompt, Tokenizer tokenizer) {
    return tokenizer.encodeMarked(render(prompt, tokenizer.controlTokens()::marked));
  }

  @Override
  public boolean rendersSpecialTokens() {
    return true;
  }

  private String render(String prompt, UnaryOperator<String> data) {
    try {
      return rendered(prompt, data);
    } catch (JinjaException e) {
      throw TextErrors.chatTemplateFailed(where, e.getMessage());
    }
  }

  private String rendered(String prompt, UnaryOperator<String> data) {
    List<Map<String, String>> messages = new ArrayList<>();
    if (!settings.systemMessage().isEmpty()) {
      messages.add(message("system", data.apply(settings.systemMessage())));
    }
    messages.add(message("user", data.apply(prompt)));
    Map<String, Object> variables = new HashMap<>(specialTokens);
    variables.put("messages", messages);
    variables.put("add_generation_prompt", true);
    // transformers passes both, so `tools is defined` holds.
    variables.put("tools", null);
    variables.put("documents", null);
    return template.render(variables, settings.date());
  }

  private static Map<String, String> message(String role, String content) {
    return Map.of("role", role, "content", content);
  }
}
