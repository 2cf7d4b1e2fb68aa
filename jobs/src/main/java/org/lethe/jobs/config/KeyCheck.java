package org.lethe.jobs.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.lethe.error.NameSuggestion;

/**
 * Compares a user's configuration with reference.conf: every key must be known there and have the
 * same kind of value.
 */
final class KeyCheck {
  private final ConfigObject reference;
  private final Set<String> open;
  private final Problems problems;
  private final Set<String> known = new TreeSet<>();
  private final Set<String> wrong = new TreeSet<>();

  /**
   * @param open sections below which any key is valid
   */
  KeyCheck(Config reference, Set<String> open, Problems problems) {
    this.reference = reference.root();
    this.open = open;
    this.problems = problems;
    collect(new ArrayList<>(), this.reference);
  }

  void compare(ConfigObject given) {
    compare(new ArrayList<>(), given);
  }

  /** A configuration without the keys that were found wrong. */
  Config withoutWrong(Config given) {
    Config right = given;
    for (String path : wrong) {
      right = right.withoutPath(path);
    }
    return right;
  }

  /** The value at a path of a possibly unresolved tree, or null. */
  static ConfigValue at(ConfigObject root, List<String> path) {
    ConfigValue value = root;
    for (String key : path) {
      if (!(value instanceof ConfigObject object) || !object.containsKey(key)) {
        return null;
      }
      value = object.get(key);
    }
    return value;
  }

  private void compare(List<String> path, ConfigObject given) {
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      List<String> here = new ArrayList<>(path);
      here.add(entry.getKey());
      String name = ConfigUtil.joinPath(here);
      ConfigValue value = entry.getValue();
      ConfigValue expected = at(reference, here);
      if (expected == null) {
        unknown(name, value);
      } else if (open.contains(name)) {
        if (!(value instanceof ConfigObject)) {
          wrongKind(name, "a section in braces", value);
        }
      } else if (expected instanceof ConfigObject) {
        if (value instanceof ConfigObject inner) {
          compare(here, inner);
        } else {
          wrongKind(name, "a section in braces", value);
        }
      } else {
        compareKind(name, expected, value);
      }
    }
  }

  private void compareKind(String name, ConfigValue expected, ConfigValue value) {
    ConfigValueType want;
    ConfigValueType got;
    try {
      want = expected.valueType();
      got = value.valueType();
    } catch (ConfigException.NotResolved e) {
      return; // A substitution: checked once it has its value.
    }
    if (got == ConfigValueType.NULL) {
      return;
    }
    switch (want) {
      case LIST -> {
        if (got != ConfigValueType.LIST) {
          wrongKind(name, "a list, as in [a, b]", value);
        }
      }
      case NUMBER -> {
        if (got != ConfigValueType.NUMBER && !(got == ConfigValueType.STRING && isNumber(value))) {
          wrongKind(name, "a number", value);
        }
      }
      case BOOLEAN, STRING, NULL -> {
        if (got == ConfigValueType.LIST || got == ConfigValueType.OBJECT) {
          wrongKind(name, "a single value", value);
        }
      }
      case OBJECT -> wrongKind(name, "a section in braces", value);
    }
  }

  private static boolean isNumber(ConfigValue value) {
    try {
      Double.parseDouble(String.valueOf(value.unwrapped()));
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void wrongKind(String name, String expected, ConfigValue value) {
    wrong.add(name);
    problems.add(
        name
            + " = "
            + Secrets.masked(name, render(value))
            + " ("
            + Configuration.where(value.origin())
            + "): expected "
            + expected);
  }

  private static String render(ConfigValue value) {
    try {
      return String.valueOf(value.unwrapped());
    } catch (ConfigException.NotResolved e) {
      return "a substitution";
    }
  }

  private void unknown(String name, ConfigValue value) {
    wrong.add(name);
    problems.add(
        "unknown key "
            + name
            + " ("
            + Configuration.where(value.origin())
            + "); "
            + NameSuggestion.of(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("conf/reference.conf lists all keys"));
  }

  private void collect(List<String> path, ConfigObject object) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      List<String> here = new ArrayList<>(path);
      here.add(entry.getKey());
      known.add(ConfigUtil.joinPath(here));
      if (entry.getValue() instanceof ConfigObject inner) {
        collect(here, inner);
      }
    }
  }
}
