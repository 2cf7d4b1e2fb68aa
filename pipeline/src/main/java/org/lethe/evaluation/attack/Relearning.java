package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.NotMeasured;
import org.lethe.text.Example;

/**
 * Relearning: the model is trained again, briefly, and asked for forget rows that were not part of
 * that training. {@code taught-forget} has rows that were. A control, a model that never saw the
 * forget rows, gets the same training.
 *
 * <p>{@code QUANTITY} is the value after training, {@code control-QUANTITY} that of the control,
 * {@code QUANTITY-gain} the difference from the value before. {@code QUANTITY-r} is R = min(gain of
 * the control / gain, 1), as in the unlearning-depth-score repository: 1 if the model learns the
 * rows no faster than one that never saw them. R is 1 if training brings nothing back, and 0 if it
 * does and the control gains nothing.
 */
final class Relearning implements Attack {
  static final String KEY = "relearn";
  static final String OTHER_KEY = "relearn-other";

  private static final String UNSEEN = "unseen-";
  private static final String FORGET = "forget";
  private static final String GAIN = "-gain";
  private static final String RATIO = "-r";
  private static final String CONTROL = "control-";

  /** Numbers of the attempts of one row. */
  private enum Variant {
    RELEASED,
    TAUGHT,
    CONTROL,
    TAUGHT_CONTROL
  }

  private final String key;
  private final Lesson.Kind lesson;

  Relearning(String key, Lesson.Kind lesson) {
    this.key = key;
    this.lesson = lesson;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Optional<Lesson.Kind> lesson() {
    return Optional.of(lesson);
  }

  @Override
  public boolean targets(String set) {
    return lesson == Lesson.Kind.FORGET_ROWS ? !set.equals(NEUTRAL) : Attack.super.targets(set);
  }

  /** Training takes a copy of the model, gradients and the optimizer's vectors. */
  @Override
  public Set<OtherModel> otherModels() {
    return Set.of(OtherModel.CONTROL);
  }

  @Override
  public List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows) {
    List<AttackRow> attempts = new ArrayList<>();
    attempts.addAll(attempt(model, rows, Variant.RELEASED, Variant.TAUGHT));
    model
        .control()
        .ifPresent(
            control ->
                attempts.addAll(attempt(control, rows, Variant.CONTROL, Variant.TAUGHT_CONTROL)));
    return attempts;
  }

  private List<AttackRow> attempt(
      AttackModel model, List<AttackedRow> rows, Variant before, Variant after) {
    List<Example> examples = rows.stream().map(AttackedRow::example).toList();
    List<AttackRow> attempts =
        new ArrayList<>(TeacherForced.rows(key, before.ordinal(), rows, model.score(examples)));
    model
        .scoreTaught(lesson, examples)
        .ifPresentOrElse(
            scores -> attempts.addAll(TeacherForced.rows(key, after.ordinal(), rows, scores)),
            () ->
                rows.forEach(
                    row ->
                        attempts.add(
                            AttackRow.missing(
                                key, after.ordinal(), row, NotMeasured.Reason.NO_PART))));
    return attempts;
  }

  /** A pass before and after the training; the training itself is short. */
  @Override
  public long work(AttackedRow row) {
    return 4L * row.example().tokens().length;
  }

  @Override
  public String figureNames() {
    return "("
        + CONTROL
        + ")?("
        + TeacherForced.NAMES
        + ")("
        + GAIN
        + ")?|("
        + TeacherForced.NAMES
        + ")"
        + RATIO;
  }

  @Override
  public EvaluationFigures figures(Attempts attempts, long seed) {
    EvaluationFigures all = EvaluationFigures.NONE;
    for (String set : attempts.sets(key)) {
      for (Quantity quantity : TeacherForced.QUANTITIES) {
        all = all.and(figures(set, quantity, attempts.rows(key, set), seed));
      }
    }
    return all;
  }

  private EvaluationFigures figures(
      String set, Quantity quantity, List<List<AttackRow>> rows, long seed) {
    String name = Attack.figure(set, key, quantity.key());
    EvaluationFigures taught = RowFigures.best(name, of(Variant.TAUGHT, rows), quantity, seed);
    if (!taught.measured().containsKey(name)) {
      return taught;
    }
    SortedMap<String, Figure> measured = new TreeMap<>();
    SortedMap<String, NotMeasured> notMeasured = new TreeMap<>();
    double[] gains = gains(rows, quantity, Variant.RELEASED, Variant.TAUGHT);
    measured.put(name + GAIN, Figure.of(gains, seed));
    if (of(Variant.TAUGHT_CONTROL, rows).stream().noneMatch(List::isEmpty)) {
      double[] control = gains(rows, quantity, Variant.CONTROL, Variant.TAUGHT_CONTROL);
      String controlName = Attack.figure(set, key, CONTROL + quantity.key());
      taught =
          taught.and(
              RowFigures.best(controlName, of(Variant.TAUGHT_CONTROL, rows), quantity, seed));
      measured.put(controlName + GAIN, Figure.of(control, seed));
      measured.put(
          name + RATIO,
          Bootstrap.of(
              gains.length, drawn -> ratio(mean(control, drawn), mean(gains, drawn)), seed));
    } else if (set.endsWith(FORGET) && !set.startsWith(UNSEEN)) {
      notMeasured.put(
          name + RATIO, new NotMeasured(NotMeasured.Reason.NO_CONTROL, rows.size(), rows.size()));
    }
    return taught.and(new EvaluationFigures(measured, notMeasured));
  }

  /** R = min(gain of the control / gain, 1), at least 0; 1 if nothing is gained. */
  static double ratio(double control, double gain) {
    return gain <= 0 ? 1 : Math.max(0, Math.min(1, control / gain));
  }

  private static double mean(double[] values, int[] drawn) {
    return Arrays.stream(drawn).mapToDouble(i -> values[i]).average().orElseThrow();
  }

  /** The attempts of one kind, by row; an empty list for a row without one. */
  private static List<List<AttackRow>> of(Variant variant, List<List<AttackRow>> rows) {
    return rows.stream()
        .map(row -> row.stream().filter(a -> a.variant() == variant.ordinal()).toList())
        .toList();
  }

  private static double[] gains(
      List<List<AttackRow>> rows, Quantity quantity, Variant before, Variant after) {
    double[] from = values(of(before, rows), quantity);
    double[] to = values(of(after, rows), quantity);
    return IntStream.range(0, to.length).mapToDouble(i -> to[i] - from[i]).toArray();
  }

  private static double[] values(List<List<AttackRow>> rows, Quantity quantity) {
    return rows.stream()
        .map(row -> row.isEmpty() ? Optional.<AttackRow>empty() : Optional.of(row.get(0)))
        .flatMapToDouble(row -> row.stream().flatMapToDouble(r -> r.quantity(quantity).stream()))
        .toArray();
  }
}
