package org.lethe.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.lethe.text.jinja.Expression.And;
import org.lethe.text.jinja.Expression.Arithmetic;
import org.lethe.text.jinja.Expression.Attribute;
import org.lethe.text.jinja.Expression.Compared;
import org.lethe.text.jinja.Expression.Comparison;
import org.lethe.text.jinja.Expression.Concatenation;
import org.lethe.text.jinja.Expression.Conditional;
import org.lethe.text.jinja.Expression.Constant;
import org.lethe.text.jinja.Expression.DictOf;
import org.lethe.text.jinja.Expression.Element;
import org.lethe.text.jinja.Expression.Entry;
import org.lethe.text.jinja.Expression.ListOf;
import org.lethe.text.jinja.Expression.Name;
import org.lethe.text.jinja.Expression.Not;
import org.lethe.text.jinja.Expression.Or;
import org.lethe.text.jinja.Expression.Signed;
import org.lethe.text.jinja.Expression.Slice;
import org.lethe.text.jinja.Expression.Tested;
import org.lethe.text.jinja.Expression.TupleOf;
import org.lethe.text.jinja.Token.Kind;
import org.lethe.text.jinja.runtime.None;

/**
 * Parses expressions. One method for each level of precedence, lowest first, as in Jinja's own
 * parser. A filter binds tighter than a sign and all operators; so does a test, whose {@code not}
 * in front negates its result.
 */
final class ExpressionParser {
  private static final int MOST_DEPTH = 100;
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<Kind> TEST_ARGUMENTS =
      Set.of(Kind.NAME, Kind.STRING, Kind.INTEGER, Kind.FLOAT);
  private static final Set<String> AFTER_TEST = Set.of("else", "or", "and");

  private final TokenStream tokens;
  private final ArgumentParser arguments;
  private int depth;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.arguments = new ArgumentParser(tokens, this);
  }

  /** Parses an expression, with a conditional at its top. */
  Expression expression() {
    return nested(this::conditional);
  }

  /** Parses an expression without a conditional at its top. */
  Expression withoutConditional() {
    return nested(this::or);
  }

  /** Parses expressions separated by commas: a tuple, or the only expression. */
  Expression tuple(Supplier<Expression> element, String endName) {
    List<Expression> elements = new ArrayList<>();
    boolean comma = false;
    while (!endsTuple(endName)) {
      elements.add(element.get());
      comma = tokens.skipOperator(",");
      if (!comma) {
        break;
      }
    }
    if (elements.isEmpty()) {
      throw tokens.unexpected("an expression");
    }
    return elements.size() == 1 && !comma ? elements.get(0) : new TupleOf(List.copyOf(elements));
  }

  Expression tuple() {
    return tuple(this::expression, "");
  }

  private boolean endsTuple(String endName) {
    return tokens.at(Kind.VARIABLE_END)
        || tokens.at(Kind.BLOCK_END)
        || tokens.at(Kind.END)
        || tokens.atOperator(")")
        || !endName.isEmpty() && tokens.atName(endName);
  }

  private Expression nested(Supplier<Expression> parse) {
    if (++depth > MOST_DEPTH) {
      throw tokens.failure("expressions nest deeper than " + MOST_DEPTH);
    }
    Expression parsed = parse.get();
    depth--;
    return parsed;
  }

  private Expression conditional() {
    Expression value = or();
    while (tokens.skipName("if")) {
      Expression condition = or();
      Optional<Expression> otherwise =
          tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
      value = new Conditional(condition, value, otherwise);
    }
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      left = new Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      left = new And(left, not());
    }
    return left;
  }

  private Expression not() {
    return tokens.skipName("not") ? new Not(nested(this::not)) : comparison();
  }

  private Expression comparison() {
    Expression first = sum();
    List<Compared> others = new ArrayList<>();
    while (true) {
      if (tokens.at(Kind.OPERATOR) && COMPARISONS.contains(tokens.current().text())) {
        others.add(new Compared(tokens.take().text(), sum()));
      } else if (tokens.skipName("in")) {
        others.add(new Compared("in", sum()));
      } else if (tokens.atName("not") && tokens.following().isName("in")) {
        tokens.take();
        tokens.take();
        others.add(new Compared("not in", sum()));
      } else {
        return others.isEmpty() ? first : new Comparison(first, List.copyOf(others));
      }
    }
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.atOperator("+") || tokens.atOperator("-")) {
      left = new Arithmetic(tokens.take().text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    List<Expression> operands = new ArrayList<>(List.of(product()));
    while (tokens.skipOperator("~")) {
      operands.add(product());
    }
    return operands.size() == 1 ? operands.get(0) : new Concatenation(List.copyOf(operands));
  }

  private Expression product() {
    Expression left = power();
    while (tokens.atOperator("*")
        || tokens.atOperator("/")
        || tokens.atOperator("//")
        || tokens.atOperator("%")) {
      left = new Arithmetic(tokens.take().text(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = signed();
    while (tokens.skipOperator("**")) {
      left = new Arithmetic("**", left, signed());
    }
    return left;
  }

  private Expression signed() {
    return filtered(unfiltered());
  }

  /** Parses a sign and its operand, or a primary expression, with what follows it directly. */
  private Expression unfiltered() {
    Expression value =
        tokens.atOperator("-") || tokens.atOperator("+")
            ? new Signed(tokens.take().text(), nested(this::unfiltered))
            : primary();
    return postfix(value);
  }

  /** Parses a name or a literal. */
  Expression primary() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> name(tokens.take().text());
      case STRING -> {
        StringBuilder text = new StringBuilder();
        while (tokens.at(Kind.STRING)) {
          text.append(tokens.take().text());
        }
        yield new Constant(text.toString());
      }
      case INTEGER -> new Constant(integer(tokens.take().text()));
      case FLOAT -> new Constant(Double.valueOf(tokens.take().text()));
      case OPERATOR -> bracketed(token.text());
      case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END ->
          throw tokens.unexpected("an expression");
    };
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Constant(true);
      case "false", "False" -> new Constant(false);
      case "none", "None" -> new Constant(None.NONE);
      default -> new Name(name);
    };
  }

  private Object integer(String digits) {
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw tokens.failure("the number " + digits + " is too large");
    }
  }

  private Expression bracketed(String bracket) {
    return switch (bracket) {
      case "(" -> {
        tokens.take();
        Expression value = tokens.atOperator(")") ? new TupleOf(List.of()) : nested(this::tuple);
        tokens.expectOperator(")");
        yield value;
      }
      case "[" -> {
        tokens.take();
        yield new ListOf(elements("]"));
      }
      case "{" -> dict();
      default -> throw tokens.unexpected("an expression");
    };
  }

  private List<Expression> elements(String end) {
    List<Expression> elements = new ArrayList<>();
    while (!tokens.atOperator(end)) {
      elements.add(expression());
      if (!tokens.atOperator(end)) {
        tokens.expectOperator(",");
      }
    }
    tokens.expectOperator(end);
    return List.copyOf(elements);
  }

  private Expression dict() {
    tokens.expectOperator("{");
    List<Entry> entries = new ArrayList<>();
    while (!tokens.atOperator("}")) {
      Expression key = expression();
      tokens.expectOperator(":");
      entries.add(new Entry(key, expression()));
      if (!tokens.atOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    tokens.expectOperator("}");
    return new DictOf(List.copyOf(entries));
  }

  private Expression postfix(Expression value) {
    Expression result = value;
    while (true) {
      if (tokens.skipOperator(".")) {
        result =
            tokens.at(Kind.INTEGER)
                ? new Element(result, new Constant(integer(tokens.take().text())))
                : new Attribute(result, tokens.expectAnyName());
      } else if (tokens.skipOperator("[")) {
        result = subscript(result);
      } else if (tokens.atOperator("(")) {
        result = new Expression.Call(result, arguments.parse());
      } else {
        return result;
      }
    }
  }

  private Expression subscript(Expression object) {
    Optional<Expression> from = sliceBound();
    if (from.isPresent() && tokens.skipOperator("]")) {
      return new Element(object, from.get());
    }
    if (tokens.atOperator(",")) {
      throw tokens.failure("several subscripts are not supported");
    }
    tokens.expectOperator(":");
    Optional<Expression> to = sliceBound();
    Optional<Expression> step = tokens.skipOperator(":") ? sliceBound() : Optional.empty();
    tokens.expectOperator("]");
    return new Slice(object, from, to, step);
  }

  private Optional<Expression> sliceBound() {
    return tokens.atOperator(":") || tokens.atOperator("]")
        ? Optional.empty()
        : Optional.of(expression());
  }

  private Expression filtered(Expression value) {
    Expression result = value;
    while (true) {
      if (tokens.skipOperator("|")) {
        String name = dotted();
        result = new Expression.Filtered(result, name, arguments.parseIfPresent());
      } else if (tokens.skipName("is")) {
        result = test(result);
      } else if (tokens.atOperator("(")) {
        result = new Expression.Call(result, arguments.parse());
      } else {
        return result;
      }
    }
  }

  private Expression test(Expression value) {
    boolean negated = tokens.skipName("not");
    String name = dotted();
    Expression.ArgumentList given = Expression.ArgumentList.NONE;
    if (tokens.atOperator("(")) {
      given = arguments.parse();
    } else if (startsArgument()) {
      if (tokens.atName("is")) {
        throw tokens.failure("tests cannot be chained");
      }
      given = Expression.ArgumentList.of(postfix(primary()));
    }
    Expression tested = new Tested(value, name, given);
    return negated ? new Not(tested) : tested;
  }

  private boolean startsArgument() {
    Token token = tokens.current();
    return token.isOperator("[")
        || token.isOperator("{")
        || TEST_ARGUMENTS.contains(token.kind())
            && !(token.kind() == Kind.NAME && AFTER_TEST.contains(token.text()));
  }

  /** Parses the name of a filter or a test. */
  String dotted() {
    StringBuilder name = new StringBuilder(tokens.expectAnyName());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expectAnyName());
    }
    return name.toString();
  }
}
