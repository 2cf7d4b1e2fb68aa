package org.lethe.jobs.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The values that a key may have: names, in the order in which messages list them, and what each
 * stands for.
 */
public final class Choices<T> {
  private final Map<String, T> byName;

  private Choices(Map<String, T> byName) {
    this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  public static <T> Choices<T> of(String name, T value) {
    return new Choices<>(Map.of(name, value));
  }

  /** The constants of an enum, each named in lower case with hyphens. */
  public static <E extends Enum<E>> Choices<E> of(Class<E> type) {
    Map<String, E> byName = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      byName.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
    }
    return new Choices<>(byName);
  }

  /** These and one more. */
  public Choices<T> or(String name, T value) {
    Map<String, T> all = new LinkedHashMap<>(byName);
    if (all.put(name, value) != null) {
      throw new IllegalArgumentException("Invalid name: '" + name + "' is taken");
    }
    return new Choices<>(all);
  }

  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  public Optional<T> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  T first() {
    return byName.values().iterator().next();
  }
}
