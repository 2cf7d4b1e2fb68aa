package org.lethe.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Interval;

/**
 * The part of the report about attacks: for each attack, what it brings back of the forget rows
 * before and after unlearning, beside the interval of unseen rows before unlearning.
 */
final class AttackSection {
  private static final String FORGET = "forget.attack.";
  private static final String TAUGHT = "taught-" + FORGET;
  private static final String UNSEEN = "unseen-" + FORGET;
  private static final String CONTROL = ".control-";
  private static final String GAIN = "-gain";
  private static final String DEPTH = FORGET + "depth.uds";

  /** Figures from 0 to 1 that say how much comes back, in order of preference. */
  private static final List<FigureText> DRAWN =
      List.of(FigureText.PROBABILITY, FigureText.ROUGE_L_RECALL);

  private final Map<String, Double> before;
  private final Map<String, Double> after;
  private final Map<String, Interval> intervals;

  /**
   * @param before figures by name before unlearning
   * @param after the same after unlearning
   * @param intervals by {@code before.} or {@code after.} and the figure's name
   */
  AttackSection(
      Map<String, Double> before, Map<String, Double> after, Map<String, Interval> intervals) {
    this.before = before;
    this.after = after;
    this.intervals = intervals;
  }

  static AttackSection of(ErasureRecord record) {
    return new AttackSection(record.before(), record.after(), record.evidence().intervals());
  }

  /** Returns one line for each attack, in the order of their names; empty without attacks. */
  List<Map<String, Object>> lines() {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String attack : attacks()) {
      for (String set : List.of(FORGET, TAUGHT)) {
        DRAWN.stream()
            .filter(text -> isMeasured(set + attack + "." + text.key()))
            .findFirst()
            .ifPresent(text -> lines.add(line(set, attack, text)));
      }
    }
    return lines;
  }

  /** Returns sentences about relearning and the depth of unlearning; empty without them. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (String attack : attacks()) {
      for (String set : List.of(FORGET, TAUGHT)) {
        String model = set + attack + "." + FigureText.PROBABILITY.key();
        if (after.containsKey(model + GAIN)) {
          notes.add(attack + words(set) + ": " + relearned(set + attack, model));
        }
      }
    }
    Interval interval = intervals.get("after." + DEPTH);
    if (after.containsKey(DEPTH) && interval != null) {
      notes.add(
          String.format(
              Locale.ROOT,
              "Depth of unlearning (UDS): %.2f, interval %.2f to %.2f (1: gone from every block, 0:"
                  + " still there).",
              after.get(DEPTH),
              interval.low(),
              interval.high()));
    }
    return notes;
  }

  private String relearned(String attack, String model) {
    String gained =
        String.format(
            Locale.ROOT,
            "training changes belief by %+.1f points, to %.1f %%",
            100 * after.get(model + GAIN),
            100 * after.get(model));
    String control = attack + CONTROL + FigureText.PROBABILITY.key();
    return after.containsKey(control + GAIN)
        ? gained
            + String.format(
                Locale.ROOT,
                "; that of a model that never saw the forget rows by %+.1f points, to %.1f %%."
                    + " R = %.2f (1: the unlearned model gains no more).",
                100 * after.get(control + GAIN),
                100 * after.get(control),
                after.get(model + "-r"))
        : gained + "; there is no model that never saw the forget rows to compare with.";
  }

  private static String words(String set) {
    return set.equals(TAUGHT) ? " (rows that the attacker taught)" : "";
  }

  private List<String> attacks() {
    return after.keySet().stream()
        .filter(name -> name.startsWith(FORGET) || name.startsWith(TAUGHT))
        .map(name -> name.substring(name.indexOf(FORGET) + FORGET.length()))
        .map(name -> name.substring(0, name.indexOf('.')))
        .sorted()
        .distinct()
        .toList();
  }

  private boolean isMeasured(String figure) {
    return before.containsKey(figure) && after.containsKey(figure);
  }

  private Map<String, Object> line(String set, String attack, FigureText text) {
    String figure = attack + "." + text.key();
    double was = before.get(set + figure);
    double is = after.get(set + figure);
    Optional<Interval> interval = Optional.ofNullable(intervals.get("after." + set + figure));
    Optional<Interval> unseen = Optional.ofNullable(intervals.get("before." + UNSEEN + figure));
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("attack", attack);
    line.put("label", text.label() + words(set));
    line.put("before", text.shown(was));
    line.put("after", text.shown(is));
    line.put("interval", interval.map(AttackSection::shown).orElse(""));
    line.put("unseen", unseen.map(AttackSection::shown).orElse(FigureText.NOT_MEASURED));
    line.put("plot", new AttackBar(was, is, interval, unseen).svg());
    return line;
  }

  private static String shown(Interval interval) {
    return String.format(
        Locale.ROOT, "%.1f to %.1f %%", 100 * interval.low(), 100 * interval.high());
  }
}
