package org.lethe.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.text.jinja.Expression.ArgumentList;
import org.lethe.text.jinja.Expression.Named;
import org.lethe.text.jinja.Token.Kind;

/** Parses the arguments of calls, filters and tests. */
final class ArgumentParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;

  ArgumentParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  ArgumentList parseIfPresent() {
    return tokens.atOperator("(") ? parse() : ArgumentList.NONE;
  }

  ArgumentList parse() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    List<Named> named = new ArrayList<>();
    Optional<Expression> spread = Optional.empty();
    Optional<Expression> spreadNamed = Optional.empty();
    while (!tokens.atOperator(")")) {
      boolean last = spreadNamed.isPresent();
      if (tokens.skipOperator("*")) {
        check(!last && spread.isEmpty());
        spread = Optional.of(expressions.expression());
      } else if (tokens.skipOperator("**")) {
        check(!last);
        spreadNamed = Optional.of(expressions.expression());
      } else if (tokens.at(Kind.NAME) && tokens.following().isOperator("=")) {
        check(!last);
        String name = tokens.take().text();
        tokens.take();
        named.add(new Named(name, expressions.expression()));
      } else {
        check(!last && spread.isEmpty() && named.isEmpty());
        positional.add(expressions.expression());
      }
      if (!tokens.atOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    tokens.expectOperator(")");
    return new ArgumentList(List.copyOf(positional), List.copyOf(named), spread, spreadNamed);
  }

  private void check(boolean valid) {
    if (!valid) {
      throw tokens.failure("invalid order of arguments");
    }
  }
}
