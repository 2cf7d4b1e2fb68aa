package org.lethe.text.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Variables of a template, a loop's pass, a macro's call or a block. */
final class Scope {
  private final Optional<Scope> outer;
  private final Map<String, Object> variables = new HashMap<>();

  private Scope(Optional<Scope> outer) {
    this.outer = outer;
  }

  static Scope outermost(Map<String, Object> variables) {
    Scope scope = new Scope(Optional.empty());
    scope.variables.putAll(variables);
    return scope;
  }

  Scope inner() {
    return new Scope(Optional.of(this));
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  Optional<Object> find(String name) {
    Object value = variables.get(name);
    return value != null ? Optional.of(value) : outer.flatMap(scope -> scope.find(name));
  }
}
