package org.lethe.run;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;

/**
 * A bound on a figure of the evaluation. It must hold before a model is released.
 *
 * @param figure dotted name of the figure, such as {@code forget.rouge-l-recall}
 * @param bound the condition
 */
public record Gate(String figure, Bound bound) {

  /**
   * The condition. Shares refer to the same figure before unlearning, as in SemEval-2025 Task 4.
   */
  public sealed interface Bound {
    /** Whether the bound holds. It never holds for NaN. */
    boolean holds(double before, double after);

    /** Returns the bound as text, such as {@code at most 0.3}. */
    String words();

    /** The name in the configuration, a key of {@link #BOUNDS}. */
    String kind();

    /** The number in the configuration. */
    double number();
  }

  /** Bounds by their name in the configuration. Register new ones here. */
  public static final SortedMap<String, DoubleFunction<Bound>> BOUNDS =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.of(
                  AtMost.KIND, AtMost::new,
                  AtLeast.KIND, AtLeast::new,
                  AtMostShareOfBefore.KIND, AtMostShareOfBefore::new,
                  AtLeastShareOfBefore.KIND, AtLeastShareOfBefore::new,
                  LikeUnseen.KIND, LikeUnseen::new)));

  /** The figure after unlearning is at most the limit. */
  public record AtMost(double limit) implements Bound {
    private static final String KIND = "at-most";

    @Override
    public boolean holds(double before, double after) {
      return after <= limit;
    }

    @Override
    public String words() {
      return "at most " + plain(limit);
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public double number() {
      return limit;
    }
  }

  /** The figure after unlearning is at least the limit. */
  public record AtLeast(double limit) implements Bound {
    private static final String KIND = "at-least";

    @Override
    public boolean holds(double before, double after) {
      return after >= limit;
    }

    @Override
    public String words() {
      return "at least " + plain(limit);
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public double number() {
      return limit;
    }
  }

  /** The figure after unlearning is at most this share of the figure before. */
  public record AtMostShareOfBefore(double share) implements Bound {
    private static final String KIND = "at-most-share-of-before";

    @Override
    public boolean holds(double before, double after) {
      return after <= share * before;
    }

    @Override
    public String words() {
      return "at most " + plain(100 * share) + " % of before";
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public double number() {
      return share;
    }
  }

  /** The figure after unlearning is at least this share of the figure before. */
  public record AtLeastShareOfBefore(double share) implements Bound {
    private static final String KIND = "at-least-share-of-before";

    @Override
    public boolean holds(double before, double after) {
      return after >= share * before;
    }

    @Override
    public String words() {
      return "at least " + plain(100 * share) + " % of before";
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public double number() {
      return share;
    }
  }

  /**
   * The figure after unlearning lies within the 95 % interval of the same figure of unseen rows
   * before unlearning. Above it the rows are not forgotten, below it they are over-forgotten.
   *
   * @param margin by which the interval is wider on both sides, 0 or more
   */
  public record LikeUnseen(double margin) implements Bound {
    private static final String KIND = "like-unseen";

    /** Whether a mean lies in the interval of unseen rows. */
    boolean holds(Figure unseen, double after) {
      return after >= unseen.low() - margin && after <= unseen.high() + margin;
    }

    /** Cannot hold without unseen rows. */
    @Override
    public boolean holds(double before, double after) {
      return false;
    }

    @Override
    public String words() {
      return "like unseen rows"
          + (margin == 0 ? "" : ", within " + plain(margin) + " of their interval");
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public double number() {
      return margin;
    }

    private String words(Figure unseen, double after) {
      String state =
          holds(unseen, after)
              ? ""
              : after > unseen.high() ? ", not forgotten" : ", over-forgotten";
      return String.format(
          Locale.ROOT, "%s (%.4g to %.4g)%s", words(), unseen.low(), unseen.high(), state);
    }
  }

  /** Prefix of the set of unseen rows. */
  public static final String UNSEEN = "unseen-";

  /**
   * Decision of a gate.
   *
   * @param figure name of the figure
   * @param bound the bound as text
   * @param kind name of the bound in the configuration; empty in records of older versions
   * @param limit number of the bound in the configuration
   * @param before the figure before unlearning; null in the document if it was not measured
   * @param after the figure after unlearning; null if it was not measured
   * @param passed whether the gate holds; a gate on a figure that was not measured refuses
   * @param undecided why the gate could not be decided; empty if it was
   */
  public record Outcome(
      String figure,
      String bound,
      String kind,
      double limit,
      Double before,
      Double after,
      boolean passed,
      String undecided) {
    public Outcome {
      kind = kind == null ? "" : kind;
      undecided = undecided == null ? "" : undecided; // Records of older versions have none.
    }

    /** Returns the reason of a refusal, in one clause. */
    public String words() {
      return undecided.isEmpty()
          ? String.format(Locale.ROOT, "%s is %.4g, expected %s", figure, after, bound)
              + (before == null ? "" : String.format(Locale.ROOT, " (before: %.4g)", before))
          : figure + " " + undecided + "; expected " + bound;
    }
  }

  public Gate {
    if (figure.isBlank()) {
      throw new IllegalArgumentException("Invalid gate: its figure has no name");
    }
    Objects.requireNonNull(bound);
  }

  /** Decides the gate. A figure that was not measured never passes. */
  public Outcome decide(EvaluationFigures before, EvaluationFigures after) {
    Optional<Double> was = before.mean(figure);
    Optional<Double> is = after.mean(figure);
    if (bound instanceof LikeUnseen likeUnseen && is.isPresent()) {
      return decide(likeUnseen, before, was.orElse(null), is.get());
    }
    String undecided = undecided(before, after);
    boolean passed =
        undecided.isEmpty() && bound.holds(was.orElse(Double.NaN), is.orElse(Double.NaN));
    return new Outcome(
        figure,
        bound.words(),
        bound.kind(),
        bound.number(),
        was.orElse(null),
        is.orElse(null),
        passed,
        undecided);
  }

  private Outcome decide(LikeUnseen like, EvaluationFigures before, Double was, double is) {
    String name = UNSEEN + figure;
    Figure unseen = before.measured().get(name);
    return new Outcome(
        figure,
        unseen == null ? like.words() : like.words(unseen, is),
        like.kind(),
        like.number(),
        was,
        is,
        unseen != null && like.holds(unseen, is),
        unseen != null
            ? ""
            : "cannot be compared: " + name + " was not measured (" + before.reason(name) + ")");
  }

  private String undecided(EvaluationFigures before, EvaluationFigures after) {
    if (after.mean(figure).isEmpty()) {
      return "was not measured after unlearning (" + after.reason(figure) + ")";
    }
    boolean relative =
        bound instanceof AtMostShareOfBefore || bound instanceof AtLeastShareOfBefore;
    if (!relative) {
      return "";
    }
    Optional<Double> was = before.mean(figure);
    if (was.isEmpty()) {
      return "was not measured before unlearning (" + before.reason(figure) + ")";
    }
    // Any share of nothing is nothing: the gate would hold whatever training did.
    return was.get() > 0
        ? ""
        : String.format(
            Locale.ROOT, "was %.4g before unlearning, of which there is no share", was.get());
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e9
        ? String.valueOf((long) number)
        : String.valueOf((float) number);
  }
}
