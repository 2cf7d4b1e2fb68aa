package org.lethe.text;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.interpret.TemplateError.ErrorType;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.lethe.error.TextErrors;

/**
 * Renders a prompt with the model's own Jinja chat template: the prompt is the user's only message,
 * followed by the beginning of the assistant's answer. It never passes tools.
 *
 * <p>The template comes with the model and is not trusted. It can reach strings, lists, maps and
 * loop counters, but no other Java object. It loads nothing, and it is stopped if it runs or writes
 * too much. The prompt is data: braces in it are not evaluated.
 *
 * <p>The constructor renders a probe and rejects a template that fails. Only that message may quote
 * the template's own error, because a later error could quote the prompt.
 */
public final class ChatTemplate implements PromptTemplate {
  private static final int MOST_CHARACTERS = 4 << 20;
  private static final int MOST_NODES = 10_000;
  private static final int MOST_ELEMENTS = 1000;
  private static final int MOST_RANGE = 100;
  private static final int MOST_DEPTH = 20;
  private static final String PROBE = "probe";

  private static final Map<Library, Set<String>> DISABLED =
      Map.of(Library.TAG, Set.of("include", "import", "from", "extends", "block"));

  /** An Error, because jinjava collects exceptions and continues. */
  private static final class TooManySteps extends Error {
    private TooManySteps() {
      super("more than " + MOST_NODES + " steps");
    }
  }

  private final String template;
  private final Map<String, String> specialTokens;
  private final Optional<String> systemMessage;
  private final String where;
  private final Jinjava jinja;

  /**
   * @param template Jinja in the dialect of Hugging Face
   * @param specialTokens values by name: {@code bos_token}, {@code eos_token}...
   * @param systemMessage message before the prompt, if any
   * @param where name of the model in messages
   */
  public ChatTemplate(
      String template,
      Map<String, String> specialTokens,
      Optional<String> systemMessage,
      String where) {
    this.template = JinjaDialect.translate(template);
    this.specialTokens = Map.copyOf(specialTokens);
    this.systemMessage = systemMessage;
    this.where = where;
    this.jinja = new Jinjava(config());
    jinja.setResourceLocator(
        (name, encoding, interpreter) -> {
          throw new IOException("chat templates load nothing");
        });
    jinja
        .getGlobalContext()
        .registerFunction(
            new ELFunctionDefinition(
                "", "raise_exception", JinjaDialect.class, "raiseException", Object.class));
    RenderResult result = renderForResult(PROBE);
    firstFatal(result)
        .ifPresent(
            error -> {
              throw TextErrors.chatTemplateFailed(where, error.getMessage());
            });
    if (!result.getOutput().contains(PROBE)) {
      throw TextErrors.chatTemplateFailed(where, "it drops the user's message");
    }
  }

  @Override
  public String render(String prompt) {
    RenderResult result = renderForResult(prompt);
    firstFatal(result)
        .ifPresent(
            error -> {
              String reason = error.getReason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
              throw TextErrors.chatTemplateFailed(where, reason + " in line " + error.getLineno());
            });
    return result.getOutput();
  }

  @Override
  public boolean rendersSpecialTokens() {
    return true;
  }

  private RenderResult renderForResult(String prompt) {
    List<Map<String, Object>> messages = new ArrayList<>();
    systemMessage.ifPresent(text -> messages.add(message("system", text)));
    messages.add(message("user", prompt));
    Map<String, Object> bindings = new HashMap<>(specialTokens);
    bindings.put("messages", messages);
    bindings.put("add_generation_prompt", true);
    try {
      return jinja.renderForResult(template, bindings, config());
    } catch (TooManySteps e) {
      throw TextErrors.chatTemplateFailed(where, e.getMessage());
    } catch (RuntimeException e) {
      // Drops the cause: its message may quote the prompt.
      throw TextErrors.chatTemplateFailed(where, e.getClass().getSimpleName());
    }
  }

  private static Map<String, Object> message(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  private static Optional<TemplateError> firstFatal(RenderResult result) {
    return result.getErrors().stream()
        .filter(error -> error.getSeverity() == ErrorType.FATAL)
        .findFirst();
  }

  /** Settings of one rendering. Whitespace is trimmed as in Hugging Face. */
  private static JinjavaConfig config() {
    AtomicInteger nodes = new AtomicInteger();
    return JinjavaConfig.newBuilder()
        .withTrimBlocks(true)
        .withLstripBlocks(true)
        .withNestedInterpretationEnabled(false)
        .withElResolver(new JinjaResolver())
        .withDisabled(DISABLED)
        .withMaxOutputSize(MOST_CHARACTERS)
        .withMaxStringLength(MOST_CHARACTERS)
        .withMaxListSize(MOST_ELEMENTS)
        .withMaxMapSize(MOST_ELEMENTS)
        .withRangeLimit(MOST_RANGE)
        .withMaxRenderDepth(MOST_DEPTH)
        .withMaxMacroRecursionDepth(MOST_DEPTH)
        .withProcessors(
            JinjavaProcessors.newBuilder()
                .withNodePreProcessor(
                    (node, interpreter) -> {
                      if (nodes.incrementAndGet() > MOST_NODES) {
                        throw new TooManySteps();
                      }
                    })
                .build())
        .withLegacyOverrides(
            LegacyOverrides.newBuilder()
                .withEvaluateMapKeys(true)
                .withIterateOverMapKeys(true)
                .withUseNaturalOperatorPrecedence(true)
                .withParseWhitespaceControlStrictly(true)
                .withAllowAdjacentTextNodes(true)
                .withUseTrimmingForNotesAndExpressions(true)
                .withKeepNullableLoopValues(true)
                .build())
        .build();
  }
}
