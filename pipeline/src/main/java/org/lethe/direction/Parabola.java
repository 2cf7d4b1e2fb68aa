package org.lethe.direction;

import java.util.OptionalDouble;

/**
 * The parabola through a loss at three points of a line: where a step began, where it led, and as
 * far on the other side. Positions are in steps, so that 1 is where the step led.
 *
 * @param behind loss at -1
 * @param here loss at 0
 * @param ahead loss at 1
 */
public record Parabola(double behind, double here, double ahead) {
  /** Differences below this share of the losses are FLOAT's rounding. */
  private static final double NOISE = 1e-7;

  /** How fast the loss falls at 0, per step. */
  public double descent() {
    return (behind - ahead) / 2;
  }

  /** The second derivative, per squared step. */
  public double curvature() {
    return behind + ahead - 2 * here;
  }

  public boolean isFinite() {
    return Double.isFinite(behind) && Double.isFinite(here) && Double.isFinite(ahead);
  }

  /** Whether the loss falls along the step by more than rounding. */
  public boolean descends() {
    return descent() > noise();
  }

  /**
   * Where the loss is lowest: descent / curvature, which is (1/2) (L+ - L-) / (L+ + L- - 2 L0) with
   * L+ behind and L- ahead. A bend that drowns in rounding counts as one that just does not, so
   * that the lowest point of a straight line is far away. Empty if the parabola bends the other
   * way.
   */
  public OptionalDouble lowest() {
    return curvature() < -noise()
        ? OptionalDouble.empty()
        : OptionalDouble.of(descent() / Math.max(curvature(), noise()));
  }

  private double noise() {
    return NOISE * (Math.abs(behind) + Math.abs(here) + Math.abs(ahead));
  }
}
