package org.lethe.compute;

/**
 * The three inner products of two vectors, in double.
 *
 * @param first |a|^2
 * @param second |b|^2
 * @param mixed &lt;a, b&gt;
 */
public record InnerProducts(double first, double second, double mixed) {
  /** Whether neither vector holds NaN or an infinity. */
  public boolean isFinite() {
    return Double.isFinite(first) && Double.isFinite(second) && Double.isFinite(mixed);
  }
}
