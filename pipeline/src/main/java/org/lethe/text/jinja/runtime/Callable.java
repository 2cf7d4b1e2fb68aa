package org.lethe.text.jinja.runtime;

/** What a template can call: functions, methods and macros. */
public interface Callable {
  /** - */
  Object call(Arguments arguments);
}
