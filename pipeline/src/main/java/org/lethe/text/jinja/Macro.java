package org.lethe.text.jinja;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.lethe.text.jinja.Statement.Parameter;
import org.lethe.text.jinja.Statement.Signature;
import org.lethe.text.jinja.runtime.Arguments;
import org.lethe.text.jinja.runtime.Callable;
import org.lethe.text.jinja.runtime.JinjaException;
import org.lethe.text.jinja.runtime.Undefined;

/** A macro, or the body of a {@code call} block, with the scope in which it was defined. */
final class Macro implements Callable {
  private static final String CALLER = "caller";

  private final String name;
  private final Signature signature;
  private final Scope definedIn;
  private final Evaluator evaluator;
  private final Function<Scope, String> body;

  Macro(
      String name,
      Signature signature,
      Scope definedIn,
      Evaluator evaluator,
      Function<Scope, String> body) {
    this.name = name;
    this.signature = signature;
    this.definedIn = definedIn;
    this.evaluator = evaluator;
    this.body = body;
  }

  @Override
  public Object call(Arguments arguments) {
    List<Parameter> parameters = signature.parameters();
    Scope scope = definedIn.inner();
    if (arguments.positional().size() > parameters.size()) {
      throw JinjaException.unsupported("more arguments than parameters of the macro " + name);
    }
    for (String given : arguments.named().keySet()) {
      if (!given.equals(CALLER) && parameters.stream().noneMatch(p -> p.name().equals(given))) {
        throw JinjaException.unsupported("an argument of the macro " + name + " without parameter");
      }
    }
    Object caller = arguments.named().get(CALLER);
    scope.set(CALLER, caller == null ? new Undefined(CALLER) : caller);
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      scope.set(parameter.name(), argument(arguments, i, parameter, scope));
    }
    return body.apply(scope);
  }

  private Object argument(Arguments arguments, int i, Parameter parameter, Scope scope) {
    if (i < arguments.positional().size()) {
      if (arguments.named().containsKey(parameter.name())) {
        throw new JinjaException("the macro " + name + " gets an argument twice");
      }
      return arguments.positional().get(i);
    }
    return Optional.ofNullable(arguments.named().get(parameter.name()))
        .or(() -> parameter.fallback().map(value -> evaluator.evaluate(value, scope)))
        .orElseGet(() -> new Undefined("the parameter " + parameter.name()));
  }
}
