package org.lethe.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.lethe.error.EvidenceErrors;

/** Compares recorded values with those found, and fails at the first that differs. */
public final class Difference {
  /** Relative difference of two sums of the same numbers in another order or on another machine. */
  private static final double TOLERANCE = 1e-9;

  private static final String NOTHING = "nothing";

  private Difference() {}

  /** Fails if two values differ. */
  static void require(String file, String field, Object recorded, Object found) {
    if (!Objects.equals(recorded, found)) {
      throw EvidenceErrors.differs(file, field, shown(recorded), shown(found));
    }
  }

  /** Fails if two numbers differ by more than rounding. */
  static void requireNumber(String file, String field, double recorded, double found) {
    if (!(Math.abs(recorded - found) <= TOLERANCE * Math.max(1, Math.abs(recorded)))) {
      throw EvidenceErrors.differs(file, field, shown(recorded), shown(found));
    }
  }

  /** Fails at the first name, in order, at which two maps differ. */
  public static void requireMaps(
      String file, String field, Map<String, ?> recorded, Map<String, ?> found) {
    TreeSet<String> names = new TreeSet<>(recorded.keySet());
    names.addAll(found.keySet());
    for (String name : names) {
      Object was = recorded.get(name);
      Object is = found.get(name);
      String place = field + "." + name;
      if (was instanceof Double before && is instanceof Double after) {
        requireNumber(file, place, before, after);
      } else {
        require(file, place, was, is);
      }
    }
  }

  /** Fails at the first field, in order, at which two documents differ. */
  static void requireJson(String file, JsonNode recorded, JsonNode found) {
    requireJson(file, "", recorded, found);
  }

  private static void requireJson(String file, String path, JsonNode recorded, JsonNode found) {
    if (recorded.isObject() && found.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      for (JsonNode node : List.of(recorded, found)) {
        node.fieldNames().forEachRemaining(names::add);
      }
      for (String name : names) {
        String below = path.isEmpty() ? name : path + "." + name;
        requireJson(file, below, recorded.path(name), found.path(name));
      }
    } else if (recorded.isNumber() && found.isNumber()) {
      requireNumber(file, path, recorded.doubleValue(), found.doubleValue());
    } else {
      require(file, path, recorded.toString(), found.toString());
    }
  }

  private static String shown(Object value) {
    return value == null ? NOTHING : String.valueOf(value);
  }
}
