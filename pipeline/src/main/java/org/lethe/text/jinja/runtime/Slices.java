package org.lethe.text.jinja.runtime;

import java.util.ArrayList;
import java.util.List;

/** Python's subscripts and slices. Strings count code points. */
public final class Slices {
  private Slices() {}

  /** Returns the part between two positions in code points. */
  static String substring(String text, long from, long to) {
    if (from >= to) {
      return "";
    }
    int begin = text.offsetByCodePoints(0, (int) from);
    return text.substring(begin, text.offsetByCodePoints(begin, (int) (to - from)));
  }

  /** Returns a position from the start; a negative one counts from the end. */
  static long clamped(long position, long length) {
    return Math.max(0, Math.min(position < 0 ? position + length : position, length));
  }

  /** Returns a slice; a bound that is {@link None} is the end of the value. */
  public static Object slice(Object value, Object from, Object to, Object step) {
    long stride = step instanceof None ? 1 : Values.integer(step, "a slice");
    if (stride == 0) {
      throw new JinjaException("the step of a slice is 0");
    }
    if (value instanceof Undefined undefined) {
      throw undefined.used();
    }
    boolean sliceable =
        value instanceof String
            || value instanceof List<?>
            || value instanceof Tuple
            || value instanceof View view && view.kind() == View.Kind.RANGE;
    if (!sliceable) {
      throw new JinjaException("there is no slice of " + Values.kind(value));
    }
    List<Object> all = Values.elements(value);
    long length = all.size();
    long begin = bound(from, stride > 0 ? 0 : length - 1, length, stride);
    long end = bound(to, stride > 0 ? length : -1, length, stride);
    List<Object> kept = new ArrayList<>();
    for (long i = begin; stride > 0 ? i < end : i > end; i += stride) {
      kept.add(all.get((int) i));
    }
    if (value instanceof String) {
      StringBuilder text = new StringBuilder();
      kept.forEach(text::append);
      return text.toString();
    } else if (value instanceof Tuple) {
      return new Tuple(kept);
    } else if (value instanceof View) {
      throw JinjaException.unsupported("a slice of a range");
    }
    return kept;
  }

  private static long bound(Object given, long fallback, long length, long stride) {
    if (given instanceof None) {
      return fallback;
    }
    long position = Values.integer(given, "a slice");
    long fromStart = position < 0 ? position + length : position;
    return stride > 0
        ? Math.max(0, Math.min(fromStart, length))
        : Math.max(-1, Math.min(fromStart, length - 1));
  }

  /** Returns an element of a sequence, or an undefined value. */
  static Object element(List<?> elements, long index) {
    long position = index < 0 ? index + elements.size() : index;
    return position >= 0 && position < elements.size()
        ? elements.get((int) position)
        : new Undefined("element " + index);
  }
}
