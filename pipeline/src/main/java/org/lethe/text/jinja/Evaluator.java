package org.lethe.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.text.jinja.Expression.ArgumentList;
import org.lethe.text.jinja.Expression.Compared;
import org.lethe.text.jinja.runtime.Arguments;
import org.lethe.text.jinja.runtime.Attributes;
import org.lethe.text.jinja.runtime.Budget;
import org.lethe.text.jinja.runtime.Callable;
import org.lethe.text.jinja.runtime.Equality;
import org.lethe.text.jinja.runtime.Filters;
import org.lethe.text.jinja.runtime.JinjaException;
import org.lethe.text.jinja.runtime.None;
import org.lethe.text.jinja.runtime.Operators;
import org.lethe.text.jinja.runtime.Representation;
import org.lethe.text.jinja.runtime.Slices;
import org.lethe.text.jinja.runtime.Tests;
import org.lethe.text.jinja.runtime.Tuple;
import org.lethe.text.jinja.runtime.Undefined;
import org.lethe.text.jinja.runtime.Values;

/** Evaluates expressions. */
final class Evaluator {
  private final Budget budget;
  private final Operators operators;
  private final Filters filters;
  private int calls;

  Evaluator(Budget budget) {
    this.budget = budget;
    this.operators = new Operators(budget);
    this.filters = new Filters(budget);
  }

  Object evaluate(Expression expression, Scope scope) {
    budget.step();
    if (expression instanceof Expression.Constant constant) {
      return constant.value();
    } else if (expression instanceof Expression.Name name) {
      return scope.find(name.name()).orElseGet(() -> new Undefined(name.name()));
    } else if (expression instanceof Expression.Attribute attribute) {
      return Attributes.attribute(evaluate(attribute.object(), scope), attribute.name());
    } else if (expression instanceof Expression.Element element) {
      return Attributes.element(
          evaluate(element.object(), scope), evaluate(element.index(), scope));
    } else if (expression instanceof Expression.Slice slice) {
      return Slices.slice(
          evaluate(slice.object(), scope),
          orNone(slice.from(), scope),
          orNone(slice.to(), scope),
          orNone(slice.step(), scope));
    } else if (expression instanceof Expression.Call call) {
      return call(evaluate(call.callee(), scope), arguments(call.arguments(), scope));
    } else if (expression instanceof Expression.Filtered filtered) {
      return filter(
          filtered.name(),
          evaluate(filtered.value(), scope),
          arguments(filtered.arguments(), scope));
    } else if (expression instanceof Expression.Tested tested) {
      return Tests.test(
          tested.name(), evaluate(tested.value(), scope), arguments(tested.arguments(), scope));
    } else if (expression instanceof Expression.Comparison comparison) {
      return compared(comparison, scope);
    } else if (expression instanceof Expression.Not not) {
      return !Values.truth(evaluate(not.operand(), scope));
    } else if (expression instanceof Expression.And and) {
      Object left = evaluate(and.left(), scope);
      return Values.truth(left) ? evaluate(and.right(), scope) : left;
    } else if (expression instanceof Expression.Or or) {
      Object left = evaluate(or.left(), scope);
      return Values.truth(left) ? left : evaluate(or.right(), scope);
    } else if (expression instanceof Expression.Conditional conditional) {
      if (Values.truth(evaluate(conditional.condition(), scope))) {
        return evaluate(conditional.then(), scope);
      }
      return conditional.otherwise().map(e -> evaluate(e, scope)).orElse(Undefined.UNNAMED);
    } else if (expression instanceof Expression.Arithmetic arithmetic) {
      return operators.apply(
          arithmetic.operator(),
          evaluate(arithmetic.left(), scope),
          evaluate(arithmetic.right(), scope));
    } else if (expression instanceof Expression.Concatenation concatenation) {
      return concatenated(concatenation.operands(), scope);
    } else if (expression instanceof Expression.Signed signed) {
      return Operators.signed(signed.sign(), evaluate(signed.operand(), scope));
    } else if (expression instanceof Expression.ListOf list) {
      return all(list.elements(), scope);
    } else if (expression instanceof Expression.TupleOf tuple) {
      return new Tuple(all(tuple.elements(), scope));
    }
    return dictionary((Expression.DictOf) expression, scope);
  }

  Object call(Object callee, Arguments arguments) {
    if (callee instanceof Undefined undefined) {
      throw undefined.used();
    } else if (callee instanceof Callable callable) {
      if (++calls > Budget.MOST_CALLS) {
        throw new JinjaException("more than " + Budget.MOST_CALLS + " calls inside each other");
      }
      Object result = callable.call(arguments);
      calls--;
      if (result instanceof String text) {
        budget.characters(text.length());
      }
      return result;
    }
    throw new JinjaException("cannot call " + Values.kind(callee));
  }

  Object filter(String name, Object value, Arguments arguments) {
    Object result = filters.apply(name, value, arguments);
    if (result instanceof String text) {
      budget.characters(text.length());
    }
    return result;
  }

  Arguments arguments(ArgumentList list, Scope scope) {
    List<Object> positional = all(list.positional(), scope);
    list.spread().ifPresent(e -> positional.addAll(Values.elements(evaluate(e, scope))));
    Map<String, Object> named = new LinkedHashMap<>();
    list.named().forEach(n -> named.put(n.name(), evaluate(n.value(), scope)));
    list.spreadNamed()
        .ifPresent(
            e -> {
              if (!(evaluate(e, scope) instanceof Map<?, ?> map)) {
                throw new JinjaException("** needs a dictionary");
              }
              map.forEach((key, value) -> named.put(String.valueOf(key), value));
            });
    return new Arguments(positional, named);
  }

  private Object orNone(Optional<Expression> expression, Scope scope) {
    return expression.map(e -> evaluate(e, scope)).orElse(None.NONE);
  }

  private List<Object> all(List<Expression> expressions, Scope scope) {
    List<Object> values = new ArrayList<>();
    expressions.forEach(e -> values.add(evaluate(e, scope)));
    return values;
  }

  private Object dictionary(Expression.DictOf dict, Scope scope) {
    Map<Object, Object> map = new LinkedHashMap<>();
    dict.entries()
        .forEach(
            entry -> {
              Object key = evaluate(entry.key(), scope);
              if (!(key instanceof String || key instanceof Long)) {
                throw JinjaException.unsupported(Values.kind(key) + " as key of a dictionary");
              }
              map.put(key, evaluate(entry.value(), scope));
            });
    return map;
  }

  private Object concatenated(List<Expression> operands, Scope scope) {
    String text = "";
    for (Expression operand : operands) {
      text = budget.text(text, Representation.text(evaluate(operand, scope)));
    }
    return text;
  }

  private Object compared(Expression.Comparison comparison, Scope scope) {
    Object left = evaluate(comparison.first(), scope);
    for (Compared other : comparison.others()) {
      Object right = evaluate(other.operand(), scope);
      if (!Equality.holds(other.operator(), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }
}
