package org.lethe.jobs.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.attack.Attacks;
import org.lethe.run.Gate;

/** Binds lethe.gates: the path below it is a figure's name, its last part the kind of bound. */
final class GateBinding {
  private static final String SECTION = "lethe.gates";

  private GateBinding() {}

  static List<Gate> read(ConfigurationReader reader) {
    List<Gate> gates = new ArrayList<>();
    for (String path : reader.section(SECTION).keySet()) {
      int dot = path.lastIndexOf('.');
      String key = SECTION + "." + path;
      if (dot < 0 || !isFigure(path.substring(0, dot))) {
        reader.problem(
            key, "the name of a figure, such as forget.rouge-l-recall, and " + boundNames());
        continue;
      }
      double least = path.endsWith(".like-unseen") ? 0 : -Double.MAX_VALUE;
      double limit = reader.number(key, least, Double.MAX_VALUE);
      Optional<DoubleFunction<Gate.Bound>> bound =
          Optional.ofNullable(Gate.BOUNDS.get(path.substring(dot + 1)));
      if (bound.isPresent()) {
        gates.add(new Gate(path.substring(0, dot), bound.get().apply(limit)));
      } else {
        reader.problem(key, boundNames());
      }
    }
    return gates;
  }

  private static String boundNames() {
    List<String> names = List.copyOf(Gate.BOUNDS.keySet());
    int last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  /** SET.METRIC, SET.TASK.METRIC, or the figure of an attack. */
  private static boolean isFigure(String name) {
    int last = name.lastIndexOf('.');
    return Attacks.isFigure(name)
        || last > 0
            && name.matches("(true-|unseen-)?(forget|retain)\\..*")
            && Metric.ofKey(name.substring(last + 1)).isPresent();
  }
}
