package org.lethe.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lethe.text.jinja.Statement.FilterCall;
import org.lethe.text.jinja.Statement.Target;
import org.lethe.text.jinja.runtime.Arguments;
import org.lethe.text.jinja.runtime.Budget;
import org.lethe.text.jinja.runtime.JinjaException;
import org.lethe.text.jinja.runtime.LoopState;
import org.lethe.text.jinja.runtime.Namespace;
import org.lethe.text.jinja.runtime.Representation;
import org.lethe.text.jinja.runtime.Undefined;
import org.lethe.text.jinja.runtime.Values;

/** Renders the body of a template. */
final class Renderer {
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Budget budget;
  private final Evaluator evaluator;
  private final Function<Object, String> printer;
  private int loops;
  private int line = 1;

  /**
   * @param printer gives the text of a printed value
   */
  private Renderer(Budget budget, Function<Object, String> printer) {
    this.budget = budget;
    this.evaluator = new Evaluator(budget);
    this.printer = printer;
  }

  /** A renderer of a template that comes with a model. */
  static Renderer ofForeignTemplate() {
    return new Renderer(Budget.limited(), Representation::printed);
  }

  /** A renderer of a page of Lethe's own. */
  static Renderer ofOwnPage() {
    return new Renderer(Budget.unlimited(), Representation::html);
  }

  /** Renders a whole template. */
  String render(List<Statement> body, Scope scope) {
    try {
      return rendered(body, scope);
    } catch (JinjaException e) {
      throw e.inLine(line);
    } catch (StackOverflowError e) {
      throw new JinjaException("the template nests too deeply").inLine(line);
    }
  }

  private String rendered(List<Statement> body, Scope scope) {
    StringBuilder output = new StringBuilder();
    run(body, scope, output);
    return output.toString();
  }

  private Flow run(List<Statement> body, Scope scope, StringBuilder output) {
    for (Statement statement : body) {
      budget.step();
      Flow flow = run(statement, scope, output);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Statement statement, Scope scope, StringBuilder output) {
    if (statement instanceof Statement.Text text) {
      append(output, text.text());
    } else if (statement instanceof Statement.Output printed) {
      line = printed.line();
      append(output, printer.apply(evaluator.evaluate(printed.value(), scope)));
    } else if (statement instanceof Statement.If conditional) {
      return conditional(conditional, scope, output);
    } else if (statement instanceof Statement.For loop) {
      return loop(loop, scope, output);
    } else if (statement instanceof Statement.Assignment assignment) {
      line = assignment.line();
      assign(assignment.target(), evaluator.evaluate(assignment.value(), scope), scope);
    } else if (statement instanceof Statement.BlockAssignment block) {
      line = block.line();
      Object text = filtered(rendered(block.body(), scope.inner()), block.filters(), scope);
      assign(block.target(), text, scope);
    } else if (statement instanceof Statement.MacroDefinition macro) {
      scope.set(
          macro.name(),
          new Macro(
              macro.name(), macro.signature(), scope, evaluator, s -> rendered(macro.body(), s)));
    } else if (statement instanceof Statement.CallBlock block) {
      line = block.line();
      call(block, scope, output);
    } else if (statement instanceof Statement.FilterBlock block) {
      line = block.line();
      Object text = filtered(rendered(block.body(), scope.inner()), block.filters(), scope);
      append(output, printer.apply(text));
    } else if (statement instanceof Statement.With with) {
      line = with.line();
      Scope inner = scope.inner();
      with.assignments()
          .forEach(a -> assign(a.target(), evaluator.evaluate(a.value(), scope), inner));
      return run(with.body(), inner, output);
    } else if (statement instanceof Statement.Generation generation) {
      run(generation.body(), scope.inner(), output);
    } else {
      return statement instanceof Statement.Break ? Flow.BREAK : Flow.CONTINUE;
    }
    return Flow.NEXT;
  }

  private Flow conditional(Statement.If conditional, Scope scope, StringBuilder output) {
    for (Statement.Branch branch : conditional.branches()) {
      line = conditional.line();
      if (Values.truth(evaluator.evaluate(branch.condition(), scope))) {
        return run(branch.body(), scope, output);
      }
    }
    return run(conditional.otherwise(), scope, output);
  }

  private Flow loop(Statement.For loop, Scope scope, StringBuilder output) {
    line = loop.line();
    List<Object> elements = new ArrayList<>();
    for (Object element : Values.elements(evaluator.evaluate(loop.sequence(), scope))) {
      budget.step();
      boolean kept =
          loop.condition().isEmpty()
              || Values.truth(
                  evaluator.evaluate(
                      loop.condition().get(), assigned(loop.target(), element, scope)));
      if (kept) {
        elements.add(element);
      }
    }
    if (elements.isEmpty()) {
      return run(loop.otherwise(), scope.inner(), output);
    }
    LoopState state = new LoopState(elements, ++loops);
    for (int i = 0; i < elements.size(); i++) {
      state.at(i);
      Scope pass = assigned(loop.target(), elements.get(i), scope);
      pass.set("loop", state);
      if (run(loop.body(), pass, output) == Flow.BREAK) {
        break;
      }
    }
    loops--;
    return Flow.NEXT;
  }

  private Scope assigned(Target target, Object value, Scope scope) {
    Scope pass = scope.inner();
    assign(target, value, pass);
    return pass;
  }

  private void call(Statement.CallBlock block, Scope scope, StringBuilder output) {
    Macro caller =
        new Macro("caller", block.signature(), scope, evaluator, s -> rendered(block.body(), s));
    Object callee = evaluator.evaluate(block.call().callee(), scope);
    Arguments given = evaluator.arguments(block.call().arguments(), scope);
    Map<String, Object> named = new java.util.LinkedHashMap<>(given.named());
    named.put("caller", caller);
    append(output, printer.apply(evaluator.call(callee, new Arguments(given.positional(), named))));
  }

  private Object filtered(String text, List<FilterCall> filters, Scope scope) {
    Object value = text;
    for (FilterCall filter : filters) {
      value =
          evaluator.filter(filter.name(), value, evaluator.arguments(filter.arguments(), scope));
    }
    return value;
  }

  private void assign(Target target, Object value, Scope scope) {
    if (target instanceof Target.Variable variable) {
      scope.set(variable.name(), value);
    } else if (target instanceof Target.Field field) {
      Object namespace =
          scope.find(field.namespace()).orElseGet(() -> new Undefined(field.namespace()));
      if (!(namespace instanceof Namespace known)) {
        throw new JinjaException("cannot set a field of " + Values.kind(namespace));
      }
      known.set(field.name(), value);
    } else if (target instanceof Target.Several several) {
      List<Object> values = Values.elements(value);
      if (values.size() != several.targets().size()) {
        throw new JinjaException(
            "cannot assign "
                + values.size()
                + " values to "
                + several.targets().size()
                + " variables");
      }
      for (int i = 0; i < values.size(); i++) {
        assign(several.targets().get(i), values.get(i), scope);
      }
    }
  }

  private void append(StringBuilder output, String text) {
    budget.characters(text.length());
    budget.output((long) output.length() + text.length());
    output.append(text);
  }
}
