package org.lethe.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lethe.text.jinja.Token.Kind;
import org.lethe.text.jinja.runtime.JinjaException;
import org.lethe.text.jinja.runtime.PythonText;

/**
 * Splits a template into text and tags, and removes white space around tags as Jinja does with
 * {@code trim_blocks} and {@code lstrip_blocks}:
 *
 * <ul>
 *   <li>{@code -} inside a tag removes all white space on that side.
 *   <li>One line break after a block or a comment is removed, unless the tag ends in {@code +}.
 *   <li>White space between the start of a line and a block or a comment is removed, unless the tag
 *       begins with {@code +}.
 *   <li>One line break at the end of the template is removed.
 * </ul>
 */
final class TemplateLexer {
  private static final Pattern OPENING =
      Pattern.compile(
          "(?<raw>\\{%(?<rawSign>[-+]?)\\s*raw\\s*(?:-%\\}\\s*|%\\}))"
              + "|(?:\\{(?<kind>[%{#])(?<sign>[-+]?))",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_OF_COMMENT =
      Pattern.compile("\\+#\\}|-#\\}\\s*|#\\}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_OF_RAW =
      Pattern.compile(
          "\\{%(?<sign>[-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_OF_BLOCK =
      Pattern.compile("\\+%\\}|-%\\}\\s*|%\\}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_OF_VARIABLE =
      Pattern.compile("-\\}\\}\\s*|\\}\\}", Pattern.UNICODE_CHARACTER_CLASS);

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private boolean lineStarts = true;

  private TemplateLexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    TemplateLexer lexer =
        new TemplateLexer(
            source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
    lexer.run();
    return List.copyOf(lexer.tokens);
  }

  private void run() {
    Matcher opening = OPENING.matcher(source);
    while (opening.find(position)) {
      boolean raw = opening.group("raw") != null;
      String sign = raw ? opening.group("rawSign") : opening.group("sign");
      boolean block = raw || !opening.group("kind").equals("{");
      data(source.substring(position, opening.start()), sign, block);
      advance(opening.end());
      if (raw) {
        raw();
      } else {
        switch (opening.group("kind")) {
          case "#" -> comment();
          case "{" -> tag(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, END_OF_VARIABLE);
          default -> tag(Kind.BLOCK_BEGIN, Kind.BLOCK_END, END_OF_BLOCK);
        }
      }
    }
    add(Kind.DATA, source.substring(position));
    advance(source.length());
    add(Kind.END, "");
  }

  private void data(String text, String sign, boolean block) {
    String kept = text;
    if (sign.equals("-")) {
      kept = PythonText.stripEnd(text);
    } else if (sign.isEmpty() && block) {
      int start = text.lastIndexOf('\n') + 1;
      boolean startsLine = start > 0 || lineStarts;
      if (startsLine && PythonText.isSpace(text.substring(start))) {
        kept = text.substring(0, start);
      }
    }
    add(Kind.DATA, kept);
  }

  private void raw() {
    Matcher end = END_OF_RAW.matcher(source);
    if (!end.find(position)) {
      throw new JinjaException("missing endraw").inLine(line);
    }
    data(source.substring(position, end.start()), end.group("sign"), true);
    advance(end.end());
  }

  private void comment() {
    Matcher end = END_OF_COMMENT.matcher(source);
    if (!end.find(position)) {
      throw new JinjaException("missing #}").inLine(line);
    }
    advance(end.end());
  }

  private void tag(Kind begin, Kind end, Pattern closing) {
    add(begin, "");
    TagLexer tag = new TagLexer(source, position, line);
    while (true) {
      Matcher close = closing.matcher(source).region(tag.position(), source.length());
      // Brackets that are open take precedence: {{ {'a': {}} }} ends at the last braces.
      if (!tag.insideBrackets() && close.lookingAt()) {
        position = tag.position();
        line = tag.line();
        add(end, "");
        advance(close.end());
        return;
      }
      tag.next().ifPresent(tokens::add);
    }
  }

  private void add(Kind kind, String text) {
    if (kind != Kind.DATA || !text.isEmpty()) {
      tokens.add(new Token(kind, text, line));
    }
  }

  private void advance(int to) {
    line += (int) source.substring(position, to).chars().filter(c -> c == '\n').count();
    lineStarts = to > position ? source.charAt(to - 1) == '\n' : lineStarts;
    position = to;
  }
}
