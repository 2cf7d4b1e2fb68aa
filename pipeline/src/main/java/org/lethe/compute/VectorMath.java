package org.lethe.compute;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Arithmetic of flat vectors, in as few passes over memory as possible. All vectors of a call must
 * have the same length and belong to the backend that created this object. Results do not depend on
 * the number of threads.
 */
public interface VectorMath {
  /** Allocates a vector of zeros. */
  FlatVector zeros(long length);

  /** Copies the elements into a new vector. */
  default FlatVector copyOf(FlatVector x) {
    FlatVector copy = zeros(x.length());
    copy(x, copy);
    return copy;
  }

  /** y = x, bit for bit. */
  void copy(FlatVector x, FlatVector y);

  /** x[i] = value. */
  void fill(double value, FlatVector x);

  /** y = alpha x + beta y, computed in double and rounded once. */
  void axpby(double alpha, FlatVector x, double beta, FlatVector y);

  /** y += alpha x. */
  default void addScaled(double alpha, FlatVector x, FlatVector y) {
    axpby(alpha, x, 1, y);
  }

  /** result = sum over w of weights[w] vectors[w], added in that order in double, rounded once. */
  void weightedSum(List<FlatVector> vectors, double[] weights, FlatVector result);

  /** |a|^2, |b|^2 and &lt;a, b&gt; in one pass, in double. */
  default InnerProducts innerProducts(FlatVector a, FlatVector b) {
    return innerProducts(a, b, a.length()).get(0);
  }

  /**
   * The inner products of each part of two vectors, all in one pass, in double.
   *
   * @param ends end of each part and start of the next, ascending; the last one is the vectors'
   *     length
   */
  List<InnerProducts> innerProducts(FlatVector a, FlatVector b, long... ends);

  /** |a|^2 in double. */
  default double squaredNorm(FlatVector a) {
    return innerProducts(a, a).first();
  }

  /** |a|, summed in the vector's own type. */
  double norm(FlatVector a);

  /** Index of the first element that is NaN or infinite, if any. */
  OptionalLong firstNonFinite(FlatVector a);

  /**
   * One term of a direction d = sum of weight * vector.
   *
   * @param vector [P]
   * @param weight its factor
   */
  record Term(FlatVector vector, double weight) {}

  /**
   * One AdamW step along d, with PyTorch's order of operations: m = beta1 m + (1 - beta1) d, v =
   * beta2 v + (1 - beta2) d^2, p = keep p - rate m / (sqrt(v) / rootCorrection + epsilon). d is
   * formed in double and rounded once.
   *
   * @param direction one or two terms of d
   * @param parameters p
   * @param first m
   * @param second v
   */
  void adamW(
      List<Term> direction,
      FlatVector parameters,
      FlatVector first,
      FlatVector second,
      AdamWStep step);

  /**
   * Numbers of one step of AdamW.
   *
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param keep share of a parameter that weight decay leaves
   * @param rate learning rate divided by the correction of the first moment's bias
   * @param rootCorrection root of the correction of the second moment's bias
   */
  record AdamWStep(
      double beta1,
      double beta2,
      double epsilon,
      double keep,
      double rate,
      double rootCorrection) {}

  /**
   * One SGD step along d: p = keep p - rate d. With momentum, m = momentum m + d, and m replaces d.
   * d is formed in double and rounded once.
   *
   * @param direction one or two terms of d
   * @param parameters p
   * @param momentum m, if there is one
   */
  void sgd(
      List<Term> direction, FlatVector parameters, Optional<FlatVector> momentum, SgdStep step);

  /**
   * Numbers of one step of SGD.
   *
   * @param momentum decay of the momentum
   * @param keep share of a parameter that weight decay leaves
   * @param rate learning rate
   */
  record SgdStep(double momentum, double keep, double rate) {}

  /**
   * |a|_P^2, |b|_P^2 and &lt;a, b&gt;_P in the metric of AdamW's next step along d = weight a +
   * weight b: P = 1 / (sqrt(beta2 v + (1 - beta2) d^2) / rootCorrection + epsilon), with the
   * arithmetic of {@link #adamW} and sums in double.
   *
   * @param second v before the step
   * @param step only its beta2, epsilon and root correction are used
   */
  InnerProducts adamWProducts(Term a, Term b, FlatVector second, AdamWStep step);

  /**
   * SAGO's selection: b[i] = weight_b b[i] where the signs of a[i] and b[i] are opposite, and b[i]
   * = weight_a a[i] elsewhere. An element that is 0 has no sign.
   */
  void selectBySign(Term a, Term b);
}
