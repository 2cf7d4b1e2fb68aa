package org.lethe.text.jinja.runtime;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code '...' % values}, for %s, %r, %d, %i and %%. */
final class PercentFormat {
  private static final Pattern PLACE = Pattern.compile("%(.?)", Pattern.DOTALL);

  private PercentFormat() {}

  static String format(String format, Object values) {
    List<Object> given = values instanceof Tuple tuple ? tuple.elements() : List.of(values);
    Matcher matcher = PLACE.matcher(format);
    StringBuilder text = new StringBuilder();
    int used = 0;
    int done = 0;
    while (matcher.find()) {
      text.append(format, done, matcher.start());
      done = matcher.end();
      if (matcher.group(1).equals("%")) {
        text.append('%');
        continue;
      }
      if (used == given.size()) {
        throw new JinjaException("too few values for a format");
      }
      Object value = given.get(used++);
      text.append(
          switch (matcher.group(1)) {
            case "s" -> Representation.text(value);
            case "r" -> Representation.repr(value);
            case "d", "i" -> Long.toString(Values.integer(value, "the format %d"));
            default -> throw JinjaException.unsupported("the format %" + matcher.group(1));
          });
    }
    // Python counts the values of a tuple only: a dictionary or a list may stay unused.
    if (used < given.size() && !(values instanceof Map<?, ?> || values instanceof List<?>)) {
      throw new JinjaException("too many values for a format");
    }
    return text.append(format.substring(done)).toString();
  }
}
