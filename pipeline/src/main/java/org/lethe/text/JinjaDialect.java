package org.lethe.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates features of Python's Jinja that chat templates use and jinjava lacks.
 *
 * <ul>
 *   <li>{@code x[::-1]} is a syntax error in jinjava; it becomes {@code x|reverse}.
 *   <li>jinjava parses {@code f(name=a - b)} as {@code (name=a) - b}; named arguments of {@code
 *       namespace} get parentheses.
 *   <li>{@code generation} blocks, an extension of Hugging Face that marks the assistant's text,
 *       become blocks that are always rendered.
 *   <li>One line break at the end of a template is removed.
 * </ul>
 */
final class JinjaDialect {
  private static final Pattern REVERSED =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_.]*)\\s*\\[\\s*::\\s*-1\\s*\\]");
  private static final Pattern GENERATION =
      Pattern.compile("\\{%([-+]?)\\s*(end)?generation\\s*([-+]?)%\\}");
  private static final Pattern NAMESPACE = Pattern.compile("namespace\\s*\\(");
  private static final Pattern NAMED =
      Pattern.compile("\\s*([A-Za-z_]\\w*)\\s*=(?!=)(.*)", Pattern.DOTALL);

  private JinjaDialect() {}

  static String translate(String template) {
    String translated =
        template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
    translated = REVERSED.matcher(translated).replaceAll("$1|reverse");
    translated =
        GENERATION
            .matcher(translated)
            .replaceAll(
                match ->
                    "{%"
                        + match.group(1)
                        + (match.group(2) == null ? " if true " : " endif ")
                        + match.group(3)
                        + "%}");
    return namespaces(translated);
  }

  private static String namespaces(String template) {
    StringBuilder translated = new StringBuilder();
    Matcher matcher = NAMESPACE.matcher(template);
    int done = 0;
    while (matcher.find(done)) {
      int open = matcher.end();
      int close = endOfArguments(template, open);
      if (close < 0) {
        break;
      }
      translated.append(template, done, open);
      List<String> arguments = split(template.substring(open, close));
      translated.append(String.join(", ", arguments.stream().map(JinjaDialect::named).toList()));
      done = close;
    }
    return translated.append(template, done, template.length()).toString();
  }

  private static String named(String argument) {
    Matcher matcher = NAMED.matcher(argument);
    return matcher.matches()
        ? matcher.group(1) + "=(" + matcher.group(2).strip() + ")"
        : argument.strip();
  }

  /** Returns the position of the parenthesis that closes the arguments, or -1. */
  private static int endOfArguments(String text, int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        i = endOfString(text, i);
      } else if (c == '(' || c == '[' || c == '{') {
        depth++;
      } else if (c == ')' && depth == 0) {
        return i;
      } else if (c == ')' || c == ']' || c == '}') {
        depth--;
      }
    }
    return -1;
  }

  private static int endOfString(String text, int open) {
    for (int i = open + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == text.charAt(open)) {
        return i;
      }
    }
    return text.length();
  }

  private static List<String> split(String arguments) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int begin = 0;
    for (int i = 0; i < arguments.length(); i++) {
      char c = arguments.charAt(i);
      if (c == '\'' || c == '"') {
        i = endOfString(arguments, i);
      } else if (c == '(' || c == '[' || c == '{') {
        depth++;
      } else if (c == ')' || c == ']' || c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(arguments.substring(begin, i));
        begin = i + 1;
      }
    }
    if (!arguments.substring(begin).isBlank()) {
      parts.add(arguments.substring(begin));
    }
    return parts;
  }

  /** The function with which a template rejects a conversation. */
  public static String raiseException(Object message) {
    throw new IllegalArgumentException("the template refuses: " + message);
  }
}
