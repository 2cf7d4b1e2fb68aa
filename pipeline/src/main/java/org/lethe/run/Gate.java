package org.lethe.run;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A bound on a figure of the evaluation that must hold before a model is released.
 *
 * @param figure its dotted name, such as {@code forget.rouge-l-recall}
 * @param bound what must hold
 */
public record Gate(String figure, Bound bound) {

  /** What must hold. Shares are of the same figure before unlearning, as in SemEval-2025 Task 4. */
  public sealed interface Bound {
    /** Whether it holds; never for a figure that is no number. */
    boolean holds(double before, double after);

    /** The bound in plain words, such as {@code at most 0.3}. */
    String words();
  }

  /** The figure after unlearning is at most this. */
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

  /** The figure after unlearning is at least this. */
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
   * How a gate was decided.
   *
   * @param figure its name
   * @param bound in plain words
   * @param before the figure before unlearning; null in the document where it was not measured
   * @param after the figure after unlearning; null likewise
   * @param passed whether the gate holds; a figure that was not measured refuses
   */
  public record Outcome(String figure, String bound, Double before, Double after, boolean passed) {
    /** Why it refused, in one clause. */
    public String words() {
      return after == null
          ? figure + " was not measured, required is " + bound
          : String.format(Locale.ROOT, "%s is %.4g, required is %s", figure, after, bound)
              + (before == null ? "" : String.format(Locale.ROOT, " (before: %.4g)", before));
    }
  }

  public Gate {
    if (figure.isBlank()) {
      throw new IllegalArgumentException("Invalid gate: its figure has no name");
    }
    Objects.requireNonNull(bound);
  }

  /** Decides on figures by name. */
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
