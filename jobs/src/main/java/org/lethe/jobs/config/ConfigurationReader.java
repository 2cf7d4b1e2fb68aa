package org.lethe.jobs.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.lethe.error.LetheException;
import org.lethe.error.NameSuggestion;

/**
 * Reads values within bounds and collects problems. An invalid value is replaced by a valid one, so
 * that reading goes on to the next problem; {@link #done} fails with all of them.
 */
public final class ConfigurationReader {
  private final Config config;
  private final Problems problems;
  private final Map<String, String> flags;

  /**
   * @param flags of the command by the key that they set, for messages about missing keys
   */
  ConfigurationReader(Config config, Problems problems, Map<String, String> flags) {
    this.config = config;
    this.problems = problems;
    this.flags = Map.copyOf(flags);
  }

  /** Fails with all problems so far, if there are any. */
  public void done() {
    problems.raise();
  }

  /** Adds a problem that the caller found, such as two keys that exclude each other. */
  public void problem(String key, String expected) {
    problems.add(described(key) + ": expected " + expected);
  }

  /** A whole number between bounds, both included. */
  public int integer(String key, int least, int most) {
    return (int) wholeNumber(key, least, most);
  }

  /** A whole number between bounds, both included. */
  public long wholeNumber(String key, long least, long most) {
    double found = number(key, least, most);
    if (found != Math.rint(found)) {
      problem(key, "a whole number");
      return least;
    }
    try {
      // Not from the double, which rounds large numbers.
      return Math.min(Math.max(config.getLong(key), least), most);
    } catch (ConfigException e) {
      return least;
    }
  }

  /** A number between bounds, both included. */
  public double number(String key, double least, double most) {
    String bounds =
        most >= Integer.MAX_VALUE
            ? "at least " + plain(least)
            : "from " + plain(least) + " to " + plain(most);
    try {
      double found = config.getDouble(key);
      if (found >= least && found <= most) {
        return found;
      }
      problem(key, bounds);
    } catch (ConfigException e) {
      problem(key, "a number " + bounds);
    }
    return least;
  }

  /** A number above zero. */
  double positive(String key) {
    double found = number(key, 0, Double.MAX_VALUE);
    if (found > 0) {
      return found;
    }
    problem(key, "above 0");
    return 1;
  }

  /** Text; empty if it is not set. */
  public Optional<String> text(String key) {
    try {
      return config.getIsNull(key) || config.getString(key).isBlank()
          ? Optional.empty()
          : Optional.of(config.getString(key));
    } catch (ConfigException e) {
      problem(key, "text");
      return Optional.empty();
    }
  }

  /**
   * Text that must be set.
   *
   * @param what description of the value, for the message
   */
  public String required(String key, String what) {
    Optional<String> found = text(key);
    if (found.isEmpty()) {
      problems.add(key + " is not set; give " + what + ", for example " + flag(key));
    }
    return found.orElse("");
  }

  private String flag(String key) {
    return flags.getOrDefault(key, "--set " + key + "=...");
  }

  /** A day of the calendar. */
  LocalDate date(String key) {
    try {
      return LocalDate.parse(config.getString(key));
    } catch (ConfigException | DateTimeParseException e) {
      problem(key, "a date like 2024-07-26");
      return LocalDate.EPOCH;
    }
  }

  /** A list of text. */
  public List<String> texts(String key) {
    try {
      return List.copyOf(config.getStringList(key));
    } catch (ConfigException e) {
      problem(key, "a list of text");
      return List.of();
    }
  }

  /** A list of text with at least one entry. */
  public List<String> requiredTexts(String key, String what) {
    List<String> found = texts(key);
    if (found.isEmpty()) {
      problems.add(key + " is empty; give " + what + ", for example " + flag(key));
    }
    return found;
  }

  /** The value that the name under a key stands for. */
  public <T> T choice(String key, Choices<T> choices) {
    String found = text(key).orElse("");
    Optional<T> chosen = choices.find(found);
    if (chosen.isPresent()) {
      return chosen.get();
    }
    String suggestion =
        found.isEmpty()
            ? ""
            : NameSuggestion.of(found, choices.names())
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    problem(key, "one of " + String.join(", ", choices.names()) + suggestion);
    return choices.first();
  }

  public Duration duration(String key) {
    return duration(key, Duration.ZERO);
  }

  public Duration duration(String key, Duration least) {
    try {
      Duration found = config.getDuration(key);
      if (found.compareTo(least) >= 0) {
        return found;
      }
      problem(key, "at least " + least.toSeconds() + " seconds");
      return least;
    } catch (ConfigException e) {
      problem(key, "a duration, such as 6 hours");
      return Duration.ZERO;
    }
  }

  /** The keys of an open section with their values as text. */
  public SortedMap<String, String> section(String key) {
    SortedMap<String, String> entries = new TreeMap<>();
    config
        .getConfig(key)
        .entrySet()
        .forEach(
            entry ->
                entries.put(
                    String.join(".", ConfigUtil.splitPath(entry.getKey())),
                    String.valueOf(entry.getValue().unwrapped())));
    return entries;
  }

  /** The names directly below an open section. */
  public Set<String> names(String key) {
    return new TreeSet<>(config.getObject(key).keySet());
  }

  /** The list under a name of an open section; a single value is a list of one. */
  List<String> listOrText(String key, String name) {
    return listOrText(key + "." + ConfigUtil.joinPath(name));
  }

  /** The list under a path; a single value is a list of one. */
  List<String> listOrText(String path) {
    try {
      return config.getValue(path).valueType() == ConfigValueType.LIST
          ? List.copyOf(config.getStringList(path))
          : List.of(config.getString(path));
    } catch (ConfigException e) {
      problem(path, "a value or a list of values");
      return List.of();
    }
  }

  /** A reader of each section of a list of sections, which collects its problems here. */
  List<ConfigurationReader> entries(String key) {
    try {
      return config.getConfigList(key).stream()
          .map(entry -> new ConfigurationReader(entry, problems, Map.of()))
          .toList();
    } catch (ConfigException e) {
      problem(key, "a list of sections, as in [{ id = a }, { id = b }]");
      return List.of();
    }
  }

  /** The names at the top of this reader's section. */
  public Set<String> names() {
    return new TreeSet<>(config.root().keySet());
  }

  /** Adds a problem with a name at the top of this reader's section. */
  void unknown(String name, Collection<String> known) {
    problems.add(
        "unknown key "
            + name
            + " ("
            + Configuration.where(config.getValue(ConfigUtil.joinPath(name)).origin())
            + "); "
            + NameSuggestion.of(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("known are " + String.join(", ", known)));
  }

  /** Adds a problem with the whole of this reader's section. */
  void invalid(String name, String expected) {
    problems.add(
        name + " (" + Configuration.where(config.root().origin()) + "): expected " + expected);
  }

  /** The value under a key, as HOCON. */
  String rendered(String key) {
    return config.getValue(key).render(ConfigRenderOptions.concise());
  }

  /** A list as HOCON. */
  public static String rendered(List<String> texts) {
    return ConfigValueFactory.fromIterable(texts).render(ConfigRenderOptions.concise());
  }

  /**
   * Builds settings, and turns an exception of their constructor into a problem.
   *
   * @param section of the settings, for the message
   */
  <T> Optional<T> make(String section, Supplier<T> maker) {
    try {
      return Optional.of(maker.get());
    } catch (IllegalArgumentException | LetheException e) {
      problems.add(section + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private String described(String key) {
    try {
      ConfigValue value = config.getValue(key);
      return key
          + " = "
          + Secrets.masked(
              key,
              value.valueType() == ConfigValueType.STRING
                  ? "\"" + value.unwrapped() + "\""
                  : String.valueOf(value.unwrapped()))
          + " ("
          + Configuration.where(value.origin())
          + ")";
    } catch (ConfigException e) {
      return key;
    }
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) && Math.abs(bound) < 1e15
        ? String.valueOf((long) bound)
        : String.valueOf(bound);
  }
}
