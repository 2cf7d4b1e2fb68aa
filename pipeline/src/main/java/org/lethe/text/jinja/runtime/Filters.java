package org.lethe.text.jinja.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.lethe.text.jinja.runtime.Arguments.Bound;

/** Jinja's filters: {@code value | name}. */
public final class Filters {
  private interface Filter {
    Object apply(Object value, Arguments arguments);
  }

  private final Map<String, Filter> filters = new HashMap<>();

  public Filters(Budget budget) {
    filters.put("trim", (v, a) -> method(v, "strip", a));
    filters.put("replace", (v, a) -> method(v, "replace", a));
    filters.put("upper", (v, a) -> plain("upper", a, PythonText.upper(text(v))));
    filters.put("lower", (v, a) -> plain("lower", a, PythonText.lower(text(v))));
    filters.put("capitalize", (v, a) -> plain("capitalize", a, PythonText.capitalize(text(v))));
    filters.put("title", (v, a) -> plain("title", a, title(text(v))));
    filters.put("string", (v, a) -> plain("string", a, v instanceof Markup ? v : text(v)));
    filters.put("safe", (v, a) -> plain("safe", a, v instanceof Markup ? v : markup(v)));
    for (String name : List.of("escape", "e")) {
      filters.put(name, (v, a) -> plain(name, a, v instanceof Markup ? v : escaped(v)));
    }
    for (String name : List.of("length", "count")) {
      filters.put(name, (v, a) -> plain(name, a, Values.length(v)));
    }
    for (String name : List.of("default", "d")) {
      filters.put(name, Filters::orDefault);
    }
    filters.put("tojson", (v, a) -> Json.json(v, a));
    filters.put("indent", Filters::indent);
    filters.put("format", (v, a) -> PercentFormat.format(text(v), formatted(a)));
    filters.put("int", Numbers::toInteger);
    filters.put("float", Numbers::toFloat);
    filters.put("abs", Numbers::absolute);
    filters.put("round", Numbers::round);
    filters.put("join", Filters::join);
    new SequenceFilters(budget, this).all().forEach((name, f) -> filters.put(name, f::apply));
  }

  public Object apply(String name, Object value, Arguments arguments) {
    Filter filter = filters.get(name);
    if (filter == null) {
      throw JinjaException.unsupported("the filter " + name);
    }
    return filter.apply(value, arguments);
  }

  /** Jinja's text of a value: filters of strings take anything. */
  static String text(Object value) {
    if (value instanceof Markup) {
      throw JinjaException.unsupported("a filter of text marked as safe");
    }
    return Representation.text(value);
  }

  private static Object markup(Object value) {
    return new Markup(Representation.text(value));
  }

  private static Object escaped(Object value) {
    return Markup.escaped(Representation.text(value));
  }

  private static Object plain(String name, Arguments arguments, Object result) {
    arguments.bind("the filter " + name);
    return result;
  }

  private static Object method(Object value, String name, Arguments arguments) {
    return StringMethods.find(text(value), name).orElseThrow().call(arguments);
  }

  private static Object orDefault(Object value, Arguments arguments) {
    Bound bound = arguments.bind("the filter default", "default_value", "boolean");
    boolean replaced =
        value instanceof Undefined
            || Values.truth(bound.or("boolean", false)) && !Values.truth(value);
    return replaced ? bound.or("default_value", "") : value;
  }

  private static Object formatted(Arguments arguments) {
    if (!arguments.named().isEmpty()) {
      throw JinjaException.unsupported("the filter format with named arguments");
    }
    return new Tuple(arguments.positional());
  }

  /** Jinja's own title: letters after white space, hyphens and opening brackets. */
  private static String title(String text) {
    StringBuilder title = new StringBuilder();
    boolean begins = true;
    for (int c : text.codePoints().toArray()) {
      String letter = Character.toString(c);
      boolean between = PythonText.isSpace(c) || "-({[<".indexOf(c) >= 0;
      title.append(begins ? PythonText.upper(letter) : PythonText.lower(letter));
      begins = between;
    }
    return title.toString();
  }

  private static Object join(Object value, Arguments arguments) {
    Bound bound = arguments.bind("the filter join", "d", "attribute");
    Object attribute = bound.or("attribute", None.NONE);
    return Values.elements(value).stream()
        .map(e -> attribute instanceof None ? e : SequenceFilters.attribute(e, attribute))
        .map(Filters::text)
        .collect(Collectors.joining(text(bound.or("d", ""))));
  }

  private static Object indent(Object value, Arguments arguments) {
    Bound bound = arguments.bind("the filter indent", "width", "first", "blank");
    Object width = bound.or("width", 4L);
    String space =
        width instanceof String given
            ? given
            : " ".repeat((int) Math.max(0, Math.min(1000, Values.integer(width, "indent"))));
    if (!(value instanceof String text)) {
      throw new JinjaException("the filter indent needs a string, not " + Values.kind(value));
    }
    boolean blank = Values.truth(bound.or("blank", false));
    List<String> lines = new ArrayList<>();
    for (Object line : PythonText.lines(text + "\n", false)) {
      boolean indented = !lines.isEmpty() && (blank || !line.equals(""));
      lines.add(indented ? space + line : (String) line);
    }
    String joined = String.join("\n", lines);
    return Values.truth(bound.or("first", false)) ? space + joined : joined;
  }
}
