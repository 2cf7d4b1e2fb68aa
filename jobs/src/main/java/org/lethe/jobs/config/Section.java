package org.lethe.jobs.config;

import java.util.List;

/** One section of the configuration; keys are named without it. */
final class Section {
  private final ConfigurationReader reader;
  private final String prefix;

  /**
   * @param name of the section, without a dot at the end
   */
  Section(ConfigurationReader reader, String name) {
    this.reader = reader;
    this.prefix = name + ".";
  }

  /** A section of this section. */
  Section below(String name) {
    return new Section(reader, prefix + name);
  }

  double number(String key, double least, double most) {
    return reader.number(prefix + key, least, most);
  }

  /** A number that is 0 or more. */
  double notNegative(String key) {
    return number(key, 0, Double.MAX_VALUE);
  }

  double positive(String key) {
    return reader.positive(prefix + key);
  }

  int integer(String key, int least, int most) {
    return reader.integer(prefix + key, least, most);
  }

  long wholeNumber(String key, long least, long most) {
    return reader.wholeNumber(prefix + key, least, most);
  }

  /** Any whole number. */
  long seed(String key) {
    return wholeNumber(key, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  List<String> texts(String key) {
    return reader.texts(prefix + key);
  }

  <T> T choice(String key, Choices<T> choices) {
    return reader.choice(prefix + key, choices);
  }

  void problem(String key, String expected) {
    reader.problem(prefix + key, expected);
  }
}
