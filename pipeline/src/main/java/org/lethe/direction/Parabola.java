package org.lethe.direction;

import java.util.OptionalDouble;

/**
 * The parabola through a loss at three points of a line: at the start of a step, at its end, and at
 * the same distance on the other side. Positions are in steps, so 1 is the end of the step.
 *
 * @param behind loss at -1
 * @param here loss at 0
 * @param ahead loss at 1
 */
public record Parabola(double behind, double here, double ahead) {
  /** Differences below this share of the losses are rounding errors of FLOAT. */
  private static final double NOISE = 1e-7;

  /** Slope of the loss at 0, as a decrease per step. */
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
   * Returns the position of the lowest loss: descent / curvature, which is (1/2) (L+ - L-) / (L+ +
   * L- - 2 L0) with L+ behind and L- ahead. A curvature smaller than rounding is replaced by the
   * rounding limit, so the lowest point of a straight line is far away. Empty if the parabola bends
   * the other way.
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
