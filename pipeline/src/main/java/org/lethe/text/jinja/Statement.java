package org.lethe.text.jinja;

import java.util.List;
import java.util.Optional;
import org.lethe.text.jinja.Expression.ArgumentList;
import org.lethe.text.jinja.Expression.Call;

/** A part of a template's body. */
sealed interface Statement {
  /** Text between tags. */
  record Text(String text) implements Statement {}

  /** {@code {{ value }}}. */
  record Output(Expression value, int line) implements Statement {}

  /** {@code {% if %}}: the first branch whose condition holds. */
  record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {}

  /** One condition and what it renders. */
  record Branch(Expression condition, List<Statement> body) {}

  /** {@code {% for %}}. */
  record For(
      Target target,
      Expression sequence,
      Optional<Expression> condition,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  /** {@code {% set a = b %}}. */
  record Assignment(Target target, Expression value, int line) implements Statement {}

  /** {@code {% set a %}...{% endset %}}. */
  record BlockAssignment(Target target, List<FilterCall> filters, List<Statement> body, int line)
      implements Statement {}

  /** {@code {% macro %}}. */
  record MacroDefinition(String name, Signature signature, List<Statement> body, int line)
      implements Statement {}

  /** {@code {% call %}}. */
  record CallBlock(Signature signature, Call call, List<Statement> body, int line)
      implements Statement {}

  /** {@code {% filter %}}. */
  record FilterBlock(List<FilterCall> filters, List<Statement> body, int line)
      implements Statement {}

  /** {@code {% with %}}. */
  record With(List<Assignment> assignments, List<Statement> body, int line) implements Statement {}

  /** {@code {% generation %}}, by which transformers marks the text of the assistant. */
  record Generation(List<Statement> body) implements Statement {}

  /** {@code {% break %}}. */
  record Break() implements Statement {}

  /** {@code {% continue %}}. */
  record Continue() implements Statement {}

  /** A filter of a block. */
  record FilterCall(String name, ArgumentList arguments) {}

  /** Parameters of a macro. */
  record Signature(List<Parameter> parameters) {
    static final Signature NONE = new Signature(List.of());
  }

  /** One parameter of a macro. */
  record Parameter(String name, Optional<Expression> fallback) {}

  /** Left side of an assignment. */
  sealed interface Target {
    /** A variable. */
    record Variable(String name) implements Target {}

    /** {@code namespace.name}. */
    record Field(String namespace, String name) implements Target {}

    /** Several targets, for a sequence of as many values. */
    record Several(List<Target> targets) implements Target {}
  }
}
