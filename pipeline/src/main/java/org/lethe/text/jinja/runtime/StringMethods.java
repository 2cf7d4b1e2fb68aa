package org.lethe.text.jinja.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.lethe.text.jinja.runtime.Arguments.Bound;

/** The methods of Python's strings. */
final class StringMethods {
  private interface Method {
    Object call(String text, Arguments arguments);
  }

  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          Map.entry("strip", (text, a) -> strip(text, a, "strip")),
          Map.entry("lstrip", (text, a) -> strip(text, a, "lstrip")),
          Map.entry("rstrip", (text, a) -> strip(text, a, "rstrip")),
          Map.entry("startswith", (text, a) -> affix(text, a, "startswith")),
          Map.entry("endswith", (text, a) -> affix(text, a, "endswith")),
          Map.entry("upper", (text, a) -> plain(a, "upper", PythonText.upper(text))),
          Map.entry("lower", (text, a) -> plain(a, "lower", PythonText.lower(text))),
          Map.entry("title", (text, a) -> plain(a, "title", PythonText.title(text))),
          Map.entry("capitalize", (text, a) -> plain(a, "capitalize", PythonText.capitalize(text))),
          Map.entry("split", StringMethods::split),
          Map.entry("rsplit", StringMethods::rsplit),
          Map.entry("splitlines", StringMethods::splitlines),
          Map.entry("replace", StringMethods::replace),
          Map.entry("join", StringMethods::join),
          Map.entry("find", (text, a) -> position(text, a, "find")),
          Map.entry("rfind", (text, a) -> position(text, a, "rfind")),
          Map.entry("index", (text, a) -> position(text, a, "index")),
          Map.entry("rindex", (text, a) -> position(text, a, "rindex")),
          Map.entry("count", StringMethods::count),
          Map.entry("removeprefix", StringMethods::removePrefix),
          Map.entry("removesuffix", StringMethods::removeSuffix),
          Map.entry("partition", (text, a) -> partition(text, a, "partition")),
          Map.entry("rpartition", (text, a) -> partition(text, a, "rpartition")),
          Map.entry("isspace", (text, a) -> all(text, a, "isspace", PythonText::isSpace)),
          Map.entry("isalpha", (text, a) -> all(text, a, "isalpha", Character::isLetter)),
          Map.entry("isupper", (text, a) -> cased(text, a, "isupper", Character::isLowerCase)),
          Map.entry("islower", (text, a) -> cased(text, a, "islower", Character::isUpperCase)),
          Map.entry("isdigit", StringMethods::isDigit),
          Map.entry("isdecimal", StringMethods::isDigit),
          Map.entry("isnumeric", StringMethods::isDigit));

  /** Python's other methods. A template that uses one is refused, not told that it is undefined. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "casefold center encode expandtabs format format_map isalnum isascii isidentifier"
              .concat(" isprintable istitle ljust maketrans rjust swapcase translate zfill")
              .split(" "));

  private StringMethods() {}

  static Optional<Callable> find(String text, String name) {
    if (UNSUPPORTED.contains(name)) {
      throw JinjaException.unsupported("the string method " + name);
    }
    return Optional.ofNullable(METHODS.get(name)).map(m -> arguments -> m.call(text, arguments));
  }

  private static Object plain(Arguments arguments, String name, String result) {
    arguments.bind(name);
    return result;
  }

  private static Object strip(String text, Arguments arguments, String name) {
    Bound bound = arguments.bind(name, "chars");
    Object given = bound.or("chars", None.NONE);
    IntPredicate removed =
        given instanceof None ? PythonText::isSpace : c -> bound.text(given).indexOf(c) >= 0;
    String result = name.equals("rstrip") ? text : PythonText.stripStart(text, removed);
    return name.equals("lstrip") ? result : PythonText.stripEnd(result, removed);
  }

  private static Object affix(String text, Arguments arguments, String name) {
    Bound bound = arguments.bind(name, "prefix", "start", "end");
    long length = text.codePointCount(0, text.length());
    String part =
        Slices.substring(
            text,
            Slices.clamped(bound.integer("start", 0), length),
            Slices.clamped(bound.integer("end", length), length));
    Object wanted = bound.required("prefix");
    List<Object> all = wanted instanceof Tuple tuple ? tuple.elements() : List.of(wanted);
    return all.stream()
        .map(bound::text)
        .anyMatch(one -> name.equals("startswith") ? part.startsWith(one) : part.endsWith(one));
  }

  private static Object split(String text, Arguments arguments) {
    Bound bound = arguments.bind("split", "sep", "maxsplit");
    Object separator = bound.or("sep", None.NONE);
    long splits = bound.integer("maxsplit", -1);
    return separator instanceof None
        ? PythonText.words(text, splits)
        : PythonText.split(text, bound.text(separator), splits);
  }

  private static Object rsplit(String text, Arguments arguments) {
    Bound bound = arguments.bind("rsplit", "sep", "maxsplit");
    long splits = bound.integer("maxsplit", -1);
    Object separator = bound.or("sep", None.NONE);
    if (!(separator instanceof None)) {
      return PythonText.splitFromEnd(text, bound.text(separator), splits);
    } else if (splits < 0) {
      return PythonText.words(text, splits);
    }
    throw JinjaException.unsupported("rsplit with maxsplit and no separator");
  }

  private static Object splitlines(String text, Arguments arguments) {
    Bound bound = arguments.bind("splitlines", "keepends");
    return PythonText.lines(text, Values.truth(bound.or("keepends", false)));
  }

  private static Object replace(String text, Arguments arguments) {
    Bound bound = arguments.bind("replace", "old", "new", "count");
    return PythonText.replace(
        text, bound.text("old"), bound.text("new"), bound.integer("count", -1));
  }

  private static Object join(String text, Arguments arguments) {
    Bound bound = arguments.bind("join", "iterable");
    return Values.elements(bound.required("iterable")).stream()
        .map(bound::text)
        .collect(Collectors.joining(text));
  }

  private static Object position(String text, Arguments arguments, String name) {
    Bound bound = arguments.bind(name, "sub", "start", "end");
    if (bound.find("start").isPresent()) {
      throw JinjaException.unsupported(name + " with a start");
    }
    String part = bound.text("sub");
    int found = name.startsWith("r") ? text.lastIndexOf(part) : text.indexOf(part);
    if (found < 0 && name.endsWith("index")) {
      throw new JinjaException(name + " does not find its argument");
    }
    return (long) (found < 0 ? -1 : text.codePointCount(0, found));
  }

  private static Object count(String text, Arguments arguments) {
    String part = arguments.bind("count", "sub").text("sub");
    return part.isEmpty()
        ? text.codePointCount(0, text.length()) + 1L
        : PythonText.split(text, part, -1).size() - 1L;
  }

  private static Object removePrefix(String text, Arguments arguments) {
    String prefix = arguments.bind("removeprefix", "prefix").text("prefix");
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static Object removeSuffix(String text, Arguments arguments) {
    String suffix = arguments.bind("removesuffix", "suffix").text("suffix");
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static Object partition(String text, Arguments arguments, String name) {
    String separator = arguments.bind(name, "sep").text("sep");
    if (separator.isEmpty()) {
      throw new JinjaException(name + " needs a separator that is not empty");
    }
    boolean last = name.equals("rpartition");
    int found = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (found < 0) {
      return last ? Tuple.of("", "", text) : Tuple.of(text, "", "");
    }
    return Tuple.of(
        text.substring(0, found), separator, text.substring(found + separator.length()));
  }

  private static Object all(String text, Arguments arguments, String name, IntPredicate holds) {
    arguments.bind(name);
    return !text.isEmpty() && text.codePoints().allMatch(holds);
  }

  private static Object cased(String text, Arguments arguments, String name, IntPredicate other) {
    arguments.bind(name);
    return text.codePoints().anyMatch(PythonText::isCased) && text.codePoints().noneMatch(other);
  }

  private static Object isDigit(String text, Arguments arguments) {
    arguments.bind("isdigit");
    if (text.codePoints().anyMatch(c -> c > 0x7f)) {
      throw JinjaException.unsupported("isdigit of text that is not ASCII");
    }
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
