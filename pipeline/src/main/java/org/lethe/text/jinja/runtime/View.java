package org.lethe.text.jinja.runtime;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Python's views of a dictionary, and its ranges: a length and elements, but no list.
 *
 * @param kind Python's name
 */
record View(Kind kind, List<Object> elements) {
  enum Kind {
    DICT_KEYS,
    DICT_VALUES,
    DICT_ITEMS,
    RANGE
  }

  private static final int LONGEST_RANGE = 100_000;

  /** Returns the numbers from a start up to an end, without the end. */
  static View range(long start, long end, long step) {
    if (step == 0) {
      throw new JinjaException("the step of a range is 0");
    }
    long span = step > 0 ? Math.subtractExact(end, start) : Math.subtractExact(start, end);
    long length = span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
    if (length > LONGEST_RANGE) {
      throw new JinjaException("a range is longer than " + LONGEST_RANGE);
    }
    return new View(
        Kind.RANGE,
        LongStream.range(0, length).mapToObj(i -> (Object) (start + i * step)).toList());
  }
}
