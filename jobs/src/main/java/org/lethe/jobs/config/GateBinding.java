package org.lethe.jobs.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lethe.evaluation.Metric;
import org.lethe.run.Gate;

/** Binds lethe.gates: the path below it is a figure's name, its last part the kind of bound. */
final class GateBinding {
  private static final String SECTION = "lethe.gates";

  private GateBinding() {}

  static List<Gate> read(ConfigurationReader reader) {
    List<Gate> gates = new ArrayList<>();
    for (Map.Entry<String, String> entry : reader.section(SECTION).entrySet()) {
      String path = entry.getKey();
      int dot = path.lastIndexOf('.');
      String key = SECTION + "." + path;
      if (dot < 0 || !isFigure(path.substring(0, dot))) {
        reader.problem(
            key,
            "the name of a figure, such as forget.rouge-l-recall, and at-most, at-least,"
                + " at-most-share-of-before or at-least-share-of-before");
        continue;
      }
      double limit = reader.number(key, -Double.MAX_VALUE, Double.MAX_VALUE);
      String figure = path.substring(0, dot);
      switch (path.substring(dot + 1)) {
        case "at-most" -> gates.add(new Gate(figure, new Gate.AtMost(limit)));
        case "at-least" -> gates.add(new Gate(figure, new Gate.AtLeast(limit)));
        case "at-most-share-of-before" ->
            gates.add(new Gate(figure, new Gate.AtMostShareOfBefore(limit)));
        case "at-least-share-of-before" ->
            gates.add(new Gate(figure, new Gate.AtLeastShareOfBefore(limit)));
        default ->
            reader.problem(
                key, "at-most, at-least, at-most-share-of-before or at-least-share-of-before");
      }
    }
    return gates;
  }

  /** SET.METRIC or SET.TASK.METRIC. */
  private static boolean isFigure(String name) {
    int last = name.lastIndexOf('.');
    return last > 0
        && name.matches("(true-)?(forget|retain)\\..*")
        && Metric.ofKey(name.substring(last + 1)).isPresent();
  }
}
