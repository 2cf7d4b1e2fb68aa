package org.lethe.text.jinja;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.lethe.text.jinja.runtime.Functions;
import org.lethe.text.jinja.runtime.JinjaException;
import org.lethe.text.jinja.runtime.None;

/** A parsed template. Safe for use by several threads. */
public final class JinjaTemplate {
  private final List<Statement> body;

  private JinjaTemplate(List<Statement> body) {
    this.body = body;
  }

  /**
   * Parses a template.
   *
   * @throws JinjaException if the template is invalid or uses an unsupported tag
   */
  public static JinjaTemplate parse(String template) {
    return new JinjaTemplate(StatementParser.parse(template));
  }

  /**
   * Returns the text and the strings that a template contains, separated by null characters. The
   * whole template if it is invalid.
   */
  public static String literalText(String template) {
    try {
      return TemplateLexer.tokens(template).stream()
          .filter(token -> token.kind() == Token.Kind.DATA || token.kind() == Token.Kind.STRING)
          .map(Token::text)
          .collect(Collectors.joining("\0"));
    } catch (JinjaException e) {
      return template;
    }
  }

  /**
   * Renders the template.
   *
   * @param variables values by name: null, booleans, numbers, strings, lists, and maps with keys
   *     that are strings
   * @param today what {@code strftime_now} formats
   * @throws JinjaException if the template fails, uses something unsupported, or exceeds a limit
   */
  public String render(Map<String, ?> variables, LocalDate today) {
    Map<String, Object> known = new HashMap<>(Functions.all(today));
    variables.forEach((name, value) -> known.put(name, imported(value)));
    return Renderer.ofForeignTemplate().render(body, Scope.outermost(known).inner());
  }

  /**
   * Renders a page of Lethe's own: escapes every value that is not marked as safe, has no limits
   * and fails if a printed value is missing.
   *
   * @param variables as of {@link #render}
   * @throws JinjaException if the template fails
   */
  public String renderHtml(Map<String, ?> variables) {
    Map<String, Object> known = new HashMap<>();
    variables.forEach((name, value) -> known.put(name, imported(value)));
    return Renderer.ofOwnPage().render(body, Scope.outermost(known).inner());
  }

  private static Object imported(Object value) {
    if (value == null) {
      return None.NONE;
    } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    } else if (value instanceof Float number) {
      return number.doubleValue();
    } else if (value instanceof List<?> list) {
      return list.stream().map(JinjaTemplate::imported).toList();
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, element) -> copy.put(key.toString(), imported(element)));
      return copy;
    } else if (value instanceof String
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Double) {
      return value;
    }
    throw new IllegalArgumentException("Invalid value for a template: " + value.getClass());
  }
}
