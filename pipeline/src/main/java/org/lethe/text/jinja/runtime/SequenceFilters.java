package org.lethe.text.jinja.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.lethe.text.jinja.runtime.Arguments.Bound;

/** Jinja's filters of sequences. */
final class SequenceFilters {
  /** A filter of this class. */
  interface SequenceFilter {
    Object apply(Object value, Arguments arguments);
  }

  private final Filters filters;
  private final Map<String, SequenceFilter> all = new HashMap<>();
  private final Budget budget;

  SequenceFilters(Budget budget, Filters filters) {
    this.budget = budget;
    this.filters = filters;
    all.put("first", this::first);
    all.put("last", this::last);
    all.put("list", (v, a) -> plain("list", a, elements(v)));
    all.put("reverse", this::reverse);
    all.put("items", this::items);
    all.put("sort", this::sort);
    all.put("dictsort", this::dictsort);
    all.put("unique", this::unique);
    all.put("sum", this::sum);
    all.put("min", (v, a) -> extreme("min", v, a));
    all.put("max", (v, a) -> extreme("max", v, a));
    all.put("map", this::map);
    all.put("select", (v, a) -> selected("select", v, a, 0));
    all.put("reject", (v, a) -> selected("reject", v, a, 0));
    all.put("selectattr", (v, a) -> selected("selectattr", v, a, 1));
    all.put("rejectattr", (v, a) -> selected("rejectattr", v, a, 1));
  }

  Map<String, SequenceFilter> all() {
    return all;
  }

  private List<Object> elements(Object value) {
    List<Object> elements = Values.elements(value);
    budget.elements(elements.size());
    return elements;
  }

  /** Returns the elements of a value that a lazy filter takes: none of any value that is false. */
  private List<Object> lazyElements(Object value) {
    return Values.truth(value) ? elements(value) : List.of();
  }

  private static Object plain(String name, Arguments arguments, Object result) {
    arguments.bind("the filter " + name);
    return result;
  }

  private Object first(Object value, Arguments arguments) {
    arguments.bind("the filter first");
    Iterator<?> elements =
        value instanceof Lazy lazy ? lazy.rest() : Values.elements(value).iterator();
    return elements.hasNext() ? elements.next() : new Undefined("the first of no elements");
  }

  private Object last(Object value, Arguments arguments) {
    arguments.bind("the filter last");
    if (value instanceof Lazy) {
      throw new JinjaException("an iterator cannot be reversed");
    }
    List<Object> elements = Values.elements(value);
    return elements.isEmpty()
        ? new Undefined("the last of no elements")
        : elements.get(elements.size() - 1);
  }

  private Object reverse(Object value, Arguments arguments) {
    arguments.bind("the filter reverse");
    if (value instanceof String text) {
      return new StringBuilder(text).reverse().toString();
    }
    List<Object> elements = elements(value);
    Collections.reverse(elements);
    return value instanceof Lazy ? elements : new Lazy(elements);
  }

  private Object items(Object value, Arguments arguments) {
    arguments.bind("the filter items");
    if (value instanceof Undefined) {
      return new Lazy(List.of());
    } else if (value instanceof Map<?, ?> map) {
      return new Lazy(Attributes.items(map));
    }
    throw new JinjaException("the filter items needs a dictionary, not " + Values.kind(value));
  }

  private Object sort(Object value, Arguments arguments) {
    Bound bound = arguments.bind("the filter sort", "reverse", "case_sensitive", "attribute");
    Function<Object, Object> key = key(bound);
    List<Object> elements = elements(value);
    sort(elements, key, bound);
    return elements;
  }

  private Object dictsort(Object value, Arguments arguments) {
    Bound bound = arguments.bind("the filter dictsort", "case_sensitive", "by", "reverse");
    if (!(value instanceof Map<?, ?> map)) {
      throw new JinjaException("the filter dictsort needs a dictionary, not " + Values.kind(value));
    }
    String by = bound.text(bound.or("by", "key"));
    boolean ignoresCase = !Values.truth(bound.or("case_sensitive", false));
    int position = by.equals("key") ? 0 : 1;
    if (position == 1 && !by.equals("value")) {
      throw new JinjaException("the filter dictsort sorts by key or value");
    }
    List<Object> items = new ArrayList<>(Attributes.items(map));
    sort(
        items,
        item -> {
          Object part = ((Tuple) item).elements().get(position);
          return ignoresCase ? withoutCase(part) : part;
        },
        bound);
    return items;
  }

  private static void sort(List<Object> elements, Function<Object, Object> key, Bound bound) {
    Comparator<Object> order = (a, b) -> Equality.compare(key.apply(a), key.apply(b));
    elements.sort(Values.truth(bound.or("reverse", false)) ? order.reversed() : order);
  }

  private Object unique(Object value, Arguments arguments) {
    Function<Object, Object> key =
        key(arguments.bind("the filter unique", "case_sensitive", "attribute"));
    List<Object> kept = new ArrayList<>();
    List<Object> seen = new ArrayList<>();
    for (Object element : elements(value)) {
      budget.step();
      Object known = key.apply(element);
      if (seen.stream().noneMatch(s -> Equality.equal(s, known))) {
        seen.add(known);
        kept.add(element);
      }
    }
    return new Lazy(kept);
  }

  private Object sum(Object value, Arguments arguments) {
    Bound bound = arguments.bind("the filter sum", "attribute", "start");
    Object attribute = bound.or("attribute", None.NONE);
    Object total = bound.or("start", 0L);
    Operators operators = new Operators(budget);
    for (Object element : elements(value)) {
      total =
          operators.apply(
              "+", total, attribute instanceof None ? element : attribute(element, attribute));
    }
    return total;
  }

  private Object extreme(String name, Object value, Arguments arguments) {
    Function<Object, Object> key =
        key(arguments.bind("the filter " + name, "case_sensitive", "attribute"));
    List<Object> elements = elements(value);
    if (elements.isEmpty()) {
      return new Undefined("the " + name + " of no elements");
    }
    Object best = elements.get(0);
    for (Object element : elements.subList(1, elements.size())) {
      int order = Equality.compare(key.apply(element), key.apply(best));
      best = name.equals("min") && order < 0 || name.equals("max") && order > 0 ? element : best;
    }
    return best;
  }

  private Object map(Object value, Arguments arguments) {
    List<Object> mapped = new ArrayList<>();
    if (arguments.positional().isEmpty()) {
      Bound bound = arguments.bind("the filter map", "attribute", "default");
      if (bound.find("default").isPresent()) {
        throw JinjaException.unsupported("the filter map with a default");
      }
      Object attribute = bound.required("attribute");
      lazyElements(value).forEach(e -> mapped.add(attribute(e, attribute)));
    } else {
      String name = filterName(arguments.positional().get(0));
      Arguments rest = rest(arguments, 1);
      lazyElements(value).forEach(e -> mapped.add(filters.apply(name, e, rest)));
    }
    return new Lazy(mapped);
  }

  private Object selected(String name, Object value, Arguments arguments, int attributes) {
    if (arguments.positional().size() < attributes) {
      throw new JinjaException("the filter " + name + " needs the name of an attribute");
    }
    Predicate<Object> holds;
    if (arguments.positional().size() > attributes) {
      String test = filterName(arguments.positional().get(attributes));
      Arguments rest = rest(arguments, attributes + 1);
      holds = e -> Tests.test(test, e, rest);
    } else {
      holds = Values::truth;
    }
    List<Object> kept = new ArrayList<>();
    for (Object element : lazyElements(value)) {
      budget.step();
      Object tested = attributes == 1 ? attribute(element, arguments.positional().get(0)) : element;
      if (holds.test(tested) == name.startsWith("select")) {
        kept.add(element);
      }
    }
    return new Lazy(kept);
  }

  private static String filterName(Object name) {
    if (name instanceof String text) {
      return text;
    }
    throw new JinjaException("the name of a filter or test is " + Values.kind(name));
  }

  private static Arguments rest(Arguments arguments, int from) {
    List<Object> positional = arguments.positional();
    return new Arguments(positional.subList(from, positional.size()), arguments.named());
  }

  private static Function<Object, Object> key(Bound bound) {
    Object attribute = bound.or("attribute", None.NONE);
    if (attribute instanceof String text && text.indexOf(',') >= 0) {
      throw JinjaException.unsupported("sorting by several attributes");
    }
    boolean ignoresCase = !Values.truth(bound.or("case_sensitive", false));
    return element -> {
      Object value = attribute instanceof None ? element : attribute(element, attribute);
      return ignoresCase ? withoutCase(value) : value;
    };
  }

  private static Object withoutCase(Object value) {
    return value instanceof String text ? PythonText.lower(text) : value;
  }

  /** An attribute of an element, or of its attribute: {@code a.b.0}. */
  static Object attribute(Object element, Object path) {
    if (!(path instanceof String text)) {
      return Attributes.element(element, path);
    }
    Object value = element;
    for (String part : text.split("\\.", -1)) {
      value =
          Attributes.element(
              value, part.matches("[0-9]{1,9}") ? (Object) Long.valueOf(part) : part);
    }
    return value;
  }
}
