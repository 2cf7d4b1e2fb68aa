package org.lethe.text.jinja.runtime;

import java.util.HashMap;
import java.util.Map;

/** The value of {@code namespace()}: fields that a template may set in any scope. */
public final class Namespace {
  private final Map<String, Object> fields = new HashMap<>();

  Object get(String name) {
    Object value = fields.get(name);
    return value == null ? new Undefined("the field " + name + " of a namespace") : value;
  }

  public void set(String name, Object value) {
    if (name.startsWith("_")) {
      throw new JinjaException("a field of a namespace begins with an underscore");
    }
    fields.put(name, value);
  }
}
