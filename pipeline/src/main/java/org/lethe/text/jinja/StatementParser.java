package org.lethe.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lethe.text.jinja.Expression.Call;
import org.lethe.text.jinja.Statement.Assignment;
import org.lethe.text.jinja.Statement.Branch;
import org.lethe.text.jinja.Statement.FilterCall;
import org.lethe.text.jinja.Statement.Parameter;
import org.lethe.text.jinja.Statement.Signature;
import org.lethe.text.jinja.Statement.Target;
import org.lethe.text.jinja.Token.Kind;
import org.lethe.text.jinja.runtime.JinjaException;

/** Parses the body of a template. */
final class StatementParser {
  private static final int MOST_DEPTH = 100;

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private final ArgumentParser arguments;
  private int depth;

  private StatementParser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
    this.arguments = new ArgumentParser(tokens, expressions);
  }

  static List<Statement> parse(String template) {
    StatementParser parser = new StatementParser(new TokenStream(TemplateLexer.tokens(template)));
    return parser.body(Set.of());
  }

  /** Parses up to a tag of one of these names, whose name is then current. */
  private List<Statement> body(Set<String> ends) {
    if (++depth > MOST_DEPTH) {
      throw tokens.failure("blocks nest deeper than " + MOST_DEPTH);
    }
    List<Statement> body = new ArrayList<>();
    while (!tokens.at(Kind.END)) {
      Token token = tokens.take();
      switch (token.kind()) {
        case DATA -> body.add(new Statement.Text(token.text()));
        case VARIABLE_BEGIN -> {
          body.add(new Statement.Output(expressions.tuple(), token.line()));
          tokens.expect(Kind.VARIABLE_END);
        }
        default -> {
          if (tokens.at(Kind.NAME) && ends.contains(tokens.current().text())) {
            depth--;
            return List.copyOf(body);
          }
          body.add(statement(token.line()));
          tokens.expect(Kind.BLOCK_END);
        }
      }
    }
    if (!ends.isEmpty()) {
      throw tokens.unexpected(String.join(" or ", ends.stream().sorted().toList()));
    }
    depth--;
    return List.copyOf(body);
  }

  private Statement statement(int line) {
    String name = tokens.expectAnyName();
    return switch (name) {
      case "if" -> conditional(line);
      case "for" -> loop(line);
      case "set" -> assignment(line);
      case "macro" -> {
        String macro = tokens.expectAnyName();
        Signature signature = signature();
        yield new Statement.MacroDefinition(macro, signature, block("endmacro"), line);
      }
      case "call" -> call(line);
      case "filter" -> {
        List<FilterCall> filters = new ArrayList<>();
        do {
          filters.add(new FilterCall(expressions.dotted(), arguments.parseIfPresent()));
        } while (tokens.skipOperator("|"));
        yield new Statement.FilterBlock(List.copyOf(filters), block("endfilter"), line);
      }
      case "with" -> with(line);
      case "generation" -> new Statement.Generation(block("endgeneration"));
      case "break" -> new Statement.Break();
      case "continue" -> new Statement.Continue();
      default ->
          throw JinjaException.unsupported(
                  "the tag " + name.substring(0, Math.min(name.length(), 40)))
              .inLine(line);
    };
  }

  /** Parses the rest of the opening tag, the body, and the closing tag up to its end. */
  private List<Statement> block(String end) {
    List<Statement> body = bodyUpTo(Set.of(end));
    tokens.take();
    return body;
  }

  private List<Statement> bodyUpTo(Set<String> ends) {
    tokens.skipOperator(":");
    tokens.expect(Kind.BLOCK_END);
    return body(ends);
  }

  private Statement conditional(int line) {
    List<Branch> branches = new ArrayList<>();
    while (true) {
      Expression condition = expressions.tuple(expressions::withoutConditional, "");
      branches.add(new Branch(condition, bodyUpTo(Set.of("elif", "else", "endif"))));
      String next = tokens.take().text();
      if (!next.equals("elif")) {
        List<Statement> otherwise = next.equals("else") ? block("endif") : List.of();
        return new Statement.If(List.copyOf(branches), otherwise, line);
      }
    }
  }

  private Statement loop(int line) {
    Target target = target(false);
    tokens.expectName("in");
    Expression sequence = expressions.tuple(expressions::withoutConditional, "recursive");
    Optional<Expression> condition =
        tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    if (tokens.atName("recursive")) {
      throw JinjaException.unsupported("a recursive loop").inLine(line);
    }
    List<Statement> body = bodyUpTo(Set.of("endfor", "else"));
    List<Statement> otherwise = tokens.take().isName("else") ? block("endfor") : List.of();
    return new Statement.For(target, sequence, condition, body, otherwise, line);
  }

  private Statement assignment(int line) {
    Target target = target(true);
    if (tokens.skipOperator("=")) {
      return new Assignment(target, expressions.tuple(), line);
    }
    List<FilterCall> filters = new ArrayList<>();
    while (tokens.skipOperator("|")) {
      filters.add(new FilterCall(expressions.dotted(), arguments.parseIfPresent()));
    }
    return new Statement.BlockAssignment(target, List.copyOf(filters), block("endset"), line);
  }

  private Statement call(int line) {
    Signature signature = tokens.atOperator("(") ? signature() : Signature.NONE;
    if (!(expressions.expression() instanceof Call call)) {
      throw tokens.failure("expected a call");
    }
    return new Statement.CallBlock(signature, call, block("endcall"), line);
  }

  private Statement with(int line) {
    List<Assignment> assignments = new ArrayList<>();
    while (!tokens.at(Kind.BLOCK_END)) {
      if (!assignments.isEmpty()) {
        tokens.expectOperator(",");
      }
      Target target = target(false);
      tokens.expectOperator("=");
      assignments.add(new Assignment(target, expressions.expression(), line));
    }
    return new Statement.With(List.copyOf(assignments), block("endwith"), line);
  }

  private Signature signature() {
    tokens.expectOperator("(");
    List<Parameter> parameters = new ArrayList<>();
    boolean fallbacks = false;
    while (!tokens.atOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      String name = tokens.expectAnyName();
      boolean fallback = tokens.skipOperator("=");
      if (fallbacks && !fallback) {
        throw tokens.failure("a parameter without a default follows one with a default");
      }
      fallbacks = fallback;
      parameters.add(
          new Parameter(name, fallback ? Optional.of(expressions.expression()) : Optional.empty()));
    }
    tokens.expectOperator(")");
    return new Signature(List.copyOf(parameters));
  }

  private Target target(boolean fields) {
    List<Target> targets = new ArrayList<>();
    boolean comma = false;
    do {
      if (comma && !tokens.at(Kind.NAME) && !tokens.atOperator("(")) {
        break;
      }
      targets.add(simpleTarget(fields));
      comma = tokens.skipOperator(",");
    } while (comma && !tokens.atName("in"));
    return targets.size() == 1 && !comma
        ? targets.get(0)
        : new Target.Several(List.copyOf(targets));
  }

  private Target simpleTarget(boolean fields) {
    if (tokens.skipOperator("(")) {
      Target inner = target(false);
      tokens.expectOperator(")");
      return inner;
    }
    String name = tokens.expectAnyName();
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
      throw tokens.failure("cannot assign to " + name);
    }
    return fields && tokens.skipOperator(".")
        ? new Target.Field(name, tokens.expectAnyName())
        : new Target.Variable(name);
  }
}
