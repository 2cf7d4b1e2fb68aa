package org.lethe.jobs.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What one name of a key stands for, such as a loss or a direction.
 *
 * @param <T> what the method becomes
 */
@FunctionalInterface
interface Method<T> {
  /** Reads the method's keys, and returns what builds it from their values. */
  Supplier<T> read(Section section);

  /**
   * The method that a key chooses. All methods read their keys, so that a wrong value is reported
   * whichever method is chosen.
   */
  static <T, M extends Method<T>> T chosen(Section section, String key, Choices<M> methods) {
    Map<M, Supplier<T>> read = new HashMap<>();
    List<M> all = new ArrayList<>();
    methods.names().forEach(name -> methods.find(name).ifPresent(all::add));
    all.forEach(method -> read.put(method, method.read(section)));
    return read.get(section.choice(key, methods)).get();
  }
}
