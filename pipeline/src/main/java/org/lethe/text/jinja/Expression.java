package org.lethe.text.jinja;

import java.util.List;
import java.util.Optional;

/** An expression of a template. */
sealed interface Expression {
  /** A value written in the template. */
  record Constant(Object value) implements Expression {}

  /** A variable or a function. */
  record Name(String name) implements Expression {}

  /** {@code [a, b]}. */
  record ListOf(List<Expression> elements) implements Expression {}

  /** {@code a, b}. */
  record TupleOf(List<Expression> elements) implements Expression {}

  /** {@code {a: b}}. */
  record DictOf(List<Entry> entries) implements Expression {}

  /** One key and its value. */
  record Entry(Expression key, Expression value) {}

  /** {@code -a} or {@code +a}. */
  record Signed(String sign, Expression operand) implements Expression {}

  /** An arithmetic operator. */
  record Arithmetic(String operator, Expression left, Expression right) implements Expression {}

  /** {@code a ~ b ~ c}. */
  record Concatenation(List<Expression> operands) implements Expression {}

  /** {@code a < b <= c}. */
  record Comparison(Expression first, List<Compared> others) implements Expression {}

  /** One operator of a comparison, and its right side. */
  record Compared(String operator, Expression operand) {}

  /** {@code not a}. */
  record Not(Expression operand) implements Expression {}

  /** {@code a and b}. */
  record And(Expression left, Expression right) implements Expression {}

  /** {@code a or b}. */
  record Or(Expression left, Expression right) implements Expression {}

  /** {@code a if condition else b}. */
  record Conditional(Expression condition, Expression then, Optional<Expression> otherwise)
      implements Expression {}

  /** {@code a.name}. */
  record Attribute(Expression object, String name) implements Expression {}

  /** {@code a[b]}. */
  record Element(Expression object, Expression index) implements Expression {}

  /** {@code a[from:to:step]}. */
  record Slice(
      Expression object,
      Optional<Expression> from,
      Optional<Expression> to,
      Optional<Expression> step)
      implements Expression {}

  /** {@code f(a, b=c)}. */
  record Call(Expression callee, ArgumentList arguments) implements Expression {}

  /** {@code a | name(b)}. */
  record Filtered(Expression value, String name, ArgumentList arguments) implements Expression {}

  /** {@code a is name(b)}. */
  record Tested(Expression value, String name, ArgumentList arguments) implements Expression {}

  /** Arguments as written. */
  record ArgumentList(
      List<Expression> positional,
      List<Named> named,
      Optional<Expression> spread,
      Optional<Expression> spreadNamed) {
    static final ArgumentList NONE =
        new ArgumentList(List.of(), List.of(), Optional.empty(), Optional.empty());

    static ArgumentList of(Expression only) {
      return new ArgumentList(List.of(only), List.of(), Optional.empty(), Optional.empty());
    }
  }

  /** {@code name=value} in a call. */
  record Named(String name, Expression value) {}
}
