package org.lethe.text.jinja.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluated arguments of a call. */
public record Arguments(List<Object> positional, Map<String, Object> named) {
  public static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... positional) {
    return new Arguments(Arrays.asList(positional), Map.of());
  }

  /**
   * Checks that all arguments have a parameter.
   *
   * @param callee name in messages
   * @param parameters names in order; one that ends in * must be given by position
   */
  Bound bind(String callee, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new JinjaException(callee + " takes at most " + parameters.length + " arguments");
    }
    List<String> names = List.of(parameters);
    for (String name : named.keySet()) {
      int index = names.indexOf(name);
      if (index < 0) {
        throw new JinjaException(callee + " has no argument " + name);
      }
      if (index < positional.size()) {
        throw new JinjaException(callee + " gets the argument " + name + " twice");
      }
    }
    return new Bound(callee, this, names);
  }

  /** Arguments by the name of their parameter. */
  record Bound(String callee, Arguments arguments, List<String> names) {
    Optional<Object> find(String name) {
      int index = names.indexOf(name);
      return index < arguments.positional().size()
          ? Optional.of(arguments.positional().get(index))
          : Optional.ofNullable(arguments.named().get(name));
    }

    Object required(String name) {
      return find(name)
          .orElseThrow(() -> new JinjaException(callee + " needs the argument " + name));
    }

    Object or(String name, Object fallback) {
      return find(name).orElse(fallback);
    }

    /** Returns a string argument. */
    String text(String name) {
      return text(required(name));
    }

    String text(Object value) {
      if (value instanceof String text) {
        return text;
      }
      throw new JinjaException(callee + " needs a string, not " + Values.kind(value));
    }

    long integer(String name, long fallback) {
      return Values.integer(or(name, fallback), callee);
    }
  }
}
