package org.lethe.text.jinja;

import java.util.List;
import org.lethe.text.jinja.Token.Kind;
import org.lethe.text.jinja.runtime.JinjaException;

/** The tokens of a template with the position of the parser. */
final class TokenStream {
  private final List<Token> tokens;
  private int position;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(position);
  }

  /** Returns the token after the current one. */
  Token following() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  /** Returns the current token and moves on. */
  Token take() {
    Token token = current();
    position = Math.min(position + 1, tokens.size() - 1);
    return token;
  }

  boolean at(Kind kind) {
    return current().kind() == kind;
  }

  boolean atOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean atName(String name) {
    return current().isName(name);
  }

  /** Moves on if the current token is this operator. */
  boolean skipOperator(String operator) {
    boolean found = atOperator(operator);
    if (found) {
      take();
    }
    return found;
  }

  /** Moves on if the current token is this word. */
  boolean skipName(String name) {
    boolean found = atName(name);
    if (found) {
      take();
    }
    return found;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected(operator);
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected(name);
    }
  }

  void expect(Kind kind) {
    if (!at(kind)) {
      throw unexpected(new Token(kind, "", 0).described());
    }
    take();
  }

  String expectAnyName() {
    if (!at(Kind.NAME)) {
      throw unexpected("a name");
    }
    return take().text();
  }

  JinjaException unexpected(String expected) {
    return failure("unexpected " + current().described() + ", expected " + expected);
  }

  JinjaException failure(String problem) {
    return new JinjaException(problem).inLine(current().line());
  }
}
