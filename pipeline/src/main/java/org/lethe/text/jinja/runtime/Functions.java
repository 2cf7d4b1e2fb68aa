package org.lethe.text.jinja.runtime;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The functions that every template has. */
public final class Functions {
  private Functions() {}

  public static Map<String, Object> all(LocalDate today) {
    Map<String, Object> functions = new HashMap<>();
    add(functions, "range", Functions::range);
    add(functions, "namespace", Functions::namespace);
    add(functions, "dict", Functions::dict);
    add(functions, "raise_exception", Functions::raiseException);
    add(
        functions,
        "strftime_now",
        arguments ->
            Strftime.format(today, arguments.bind("strftime_now", "format").text("format")));
    for (String name : new String[] {"lipsum", "cycler", "joiner"}) {
      add(
          functions,
          name,
          arguments -> {
            throw JinjaException.unsupported("the function " + name);
          });
    }
    return functions;
  }

  private static void add(Map<String, Object> functions, String name, Callable function) {
    functions.put(name, function);
  }

  private static Object range(Arguments arguments) {
    if (arguments.positional().isEmpty()
        || arguments.positional().size() > 3
        || !arguments.named().isEmpty()) {
      throw new JinjaException("range takes one to three numbers");
    }
    long[] numbers =
        arguments.positional().stream().mapToLong(n -> Values.integer(n, "range")).toArray();
    return numbers.length == 1
        ? View.range(0, numbers[0], 1)
        : View.range(numbers[0], numbers[1], numbers.length == 3 ? numbers[2] : 1);
  }

  private static Object namespace(Arguments arguments) {
    Namespace namespace = new Namespace();
    entries("namespace", arguments).forEach((k, v) -> namespace.set(String.valueOf(k), v));
    return namespace;
  }

  private static Object dict(Arguments arguments) {
    return entries("dict", arguments);
  }

  private static Map<Object, Object> entries(String callee, Arguments arguments) {
    Map<Object, Object> entries = new LinkedHashMap<>();
    for (Object value : arguments.positional()) {
      if (!(value instanceof Map<?, ?> map) || arguments.positional().size() > 1) {
        throw JinjaException.unsupported(callee + " of anything but one dictionary");
      }
      entries.putAll(map);
    }
    entries.putAll(arguments.named());
    return entries;
  }

  private static Object raiseException(Arguments arguments) {
    Object message = arguments.bind("raise_exception", "message").required("message");
    throw new RejectedByTemplate(Representation.text(message));
  }
}
