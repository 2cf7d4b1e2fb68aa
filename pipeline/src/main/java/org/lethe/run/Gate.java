package org.lethe.run;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

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
  }

  /** The figure after unlearning is at most the limit. */
  public record AtMost(double limit) implements Bound {
    @Override
    public boolean holds(double before, double after) {
      return after <= limit;
    }

    @Override
    public String words() {
      return "at most " + plain(limit);
    }
  }

  /** The figure after unlearning is at least the limit. */
  public record AtLeast(double limit) implements Bound {
    @Override
    public boolean holds(double before, double after) {
      return after >= limit;
    }

    @Override
    public String words() {
      return "at least " + plain(limit);
    }
  }

  /** The figure after unlearning is at most this share of the figure before. */
  public record AtMostShareOfBefore(double share) implements Bound {
    @Override
    public boolean holds(double before, double after) {
      return after <= share * before;
    }

    @Override
    public String words() {
      return "at most " + plain(100 * share) + " % of before";
    }
  }

  /** The figure after unlearning is at least this share of the figure before. */
  public record AtLeastShareOfBefore(double share) implements Bound {
    @Override
    public boolean holds(double before, double after) {
      return after >= share * before;
    }

    @Override
    public String words() {
      return "at least " + plain(100 * share) + " % of before";
    }
  }

  /**
   * Decision of a gate.
   *
   * @param figure name of the figure
   * @param bound the bound as text
   * @param before the figure before unlearning; null in the document if it was not measured
   * @param after the figure after unlearning; null if it was not measured
   * @param passed whether the gate holds; a figure that was not measured fails
   */
  public record Outcome(String figure, String bound, Double before, Double after, boolean passed) {
    /** Returns the reason of a refusal, in one clause. */
    public String words() {
      return after == null
          ? figure + " was not measured, expected " + bound
          : String.format(Locale.ROOT, "%s is %.4g, expected %s", figure, after, bound)
              + (before == null ? "" : String.format(Locale.ROOT, " (before: %.4g)", before));
    }
  }

  public Gate {
    if (figure.isBlank()) {
      throw new IllegalArgumentException("Invalid gate: its figure has no name");
    }
    Objects.requireNonNull(bound);
  }

  /** Decides the gate from figures by name. */
  public Outcome decide(Map<String, Double> before, Map<String, Double> after) {
    Double was = before.get(figure);
    Double is = after.get(figure);
    boolean relative =
        bound instanceof AtMostShareOfBefore || bound instanceof AtLeastShareOfBefore;
    boolean passed =
        is != null && (was != null || !relative) && bound.holds(was == null ? Double.NaN : was, is);
    return new Outcome(figure, bound.words(), was, is, passed);
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e9
        ? String.valueOf((long) number)
        : String.valueOf((float) number);
  }
}
