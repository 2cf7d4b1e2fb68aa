package org.lethe.compute.array;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.lethe.compute.FlatVector;
import org.lethe.compute.InnerProducts;
import org.lethe.compute.VectorMath;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.longer.MatchCondition;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Arithmetic of flat vectors in ND4J operations.
 *
 * @param type of the vectors
 */
record ArrayVectors(DataType type) implements VectorMath {
  private static final int CHUNK = 1 << 16;

  private static INDArray array(FlatVector vector) {
    if (vector instanceof ArrayVector own) {
      return own.array();
    }
    throw new IllegalArgumentException("Invalid vector: " + vector + " is of another backend");
  }

  /** Casts to DOUBLE, for sums in double. A DOUBLE array is not copied. */
  private static INDArray exact(INDArray array) {
    return array.castTo(DataType.DOUBLE);
  }

  @Override
  public FlatVector zeros(long length) {
    return ArrayVector.zeros(type, length);
  }

  @Override
  public void copy(FlatVector x, FlatVector y) {
    array(y).assign(array(x));
  }

  @Override
  public void fill(double value, FlatVector x) {
    array(x).assign(value);
  }

  @Override
  public void axpby(double alpha, FlatVector x, double beta, FlatVector y) {
    array(y).assign(exact(array(x)).mul(alpha).addi(exact(array(y)).mul(beta)));
  }

  @Override
  public void weightedSum(List<FlatVector> vectors, double[] weights, FlatVector result) {
    INDArray sum = exact(array(vectors.get(0))).mul(weights[0]);
    for (int w = 1; w < weights.length; w++) {
      sum.addi(exact(array(vectors.get(w))).mul(weights[w]));
    }
    array(result).assign(sum);
  }

  @Override
  public List<InnerProducts> innerProducts(FlatVector a, FlatVector b, long... ends) {
    if (ends.length == 0 || ends[ends.length - 1] != a.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid parts: end at %s of %d elements",
              Arrays.toString(ends),
              a.length()));
    }
    requireSame(a, b);
    List<InnerProducts> products = new ArrayList<>();
    long from = 0;
    for (long end : ends) {
      INDArray x = exact(array(a).get(NDArrayIndex.interval(from, end)));
      INDArray y = exact(array(b).get(NDArrayIndex.interval(from, end)));
      products.add(new InnerProducts(dot(x, x), dot(y, y), dot(x, y)));
      from = end;
    }
    return products;
  }

  private static void requireSame(FlatVector a, FlatVector b) {
    if (a.length() != b.length()) {
      throw new IllegalArgumentException(
          "Invalid vectors: " + b.length() + " elements beside " + a.length());
    }
  }

  private static double dot(INDArray x, INDArray y) {
    return x.mul(y).sumNumber().doubleValue();
  }

  @Override
  public double norm(FlatVector a) {
    return array(a).norm2Number().doubleValue();
  }

  @Override
  public OptionalLong firstNonFinite(FlatVector a) {
    long bad =
        Nd4j.getExecutioner().exec(new MatchCondition(array(a), Conditions.notFinite())).getLong(0);
    return bad == 0 ? OptionalLong.empty() : search(a);
  }

  private static OptionalLong search(FlatVector a) {
    double[] values = new double[(int) Math.min(CHUNK, a.length())];
    for (long from = 0; from < a.length(); from += values.length) {
      int count = (int) Math.min(values.length, a.length() - from);
      a.get(from, values, 0, count);
      for (int i = 0; i < count; i++) {
        if (!Double.isFinite(values[i])) {
          return OptionalLong.of(from + i);
        }
      }
    }
    return OptionalLong.empty();
  }

  /** d in double, rounded once. */
  private INDArray direction(List<Term> terms) {
    INDArray d = exact(array(terms.get(0).vector())).mul(terms.get(0).weight());
    if (terms.size() == 2) {
      d.addi(exact(array(terms.get(1).vector())).mul(terms.get(1).weight()));
    }
    return d.castTo(type);
  }

  @Override
  public void adamW(
      List<Term> direction,
      FlatVector parameters,
      FlatVector first,
      FlatVector second,
      AdamWStep step) {
    INDArray d = direction(direction);
    INDArray m = array(first);
    INDArray v = array(second);
    m.muli(step.beta1()).addi(d.mul(1 - step.beta1()));
    v.muli(step.beta2()).addi(d.mul(d).muli(1 - step.beta2()));
    array(parameters).muli(step.keep()).subi(m.mul(step.rate()).divi(denominator(v, step)));
  }

  /** sqrt(v) / rootCorrection + epsilon. */
  private static INDArray denominator(INDArray v, AdamWStep step) {
    return Transforms.sqrt(v, true).divi(step.rootCorrection()).addi(step.epsilon());
  }

  @Override
  public void sgd(
      List<Term> direction, FlatVector parameters, Optional<FlatVector> momentum, SgdStep step) {
    INDArray d = direction(direction);
    if (momentum.isPresent()) {
      d = array(momentum.get()).muli(step.momentum()).addi(d);
    }
    array(parameters).muli(step.keep()).subi(d.mul(step.rate()));
  }

  @Override
  public InnerProducts adamWProducts(Term a, Term b, FlatVector second, AdamWStep step) {
    INDArray d = direction(List.of(a, b));
    INDArray v = array(second).mul(step.beta2()).addi(d.mul(d).muli(1 - step.beta2()));
    INDArray p = exact(denominator(v, step).rdivi(1));
    INDArray x = exact(array(a.vector()));
    INDArray y = exact(array(b.vector()));
    INDArray px = p.mul(x);
    return new InnerProducts(dot(px, x), dot(p.mul(y), y), dot(px, y));
  }

  @Override
  public void selectBySign(Term a, Term b) {
    INDArray x = array(a.vector());
    INDArray y = array(b.vector());
    INDArray opposite =
        Transforms.sign(x, true).muli(Transforms.sign(y, true)).lt(0).castTo(DataType.DOUBLE);
    INDArray kept = exact(y).mul(b.weight()).muli(opposite);
    y.assign(exact(x).mul(a.weight()).muli(opposite.rsub(1)).addi(kept));
  }
}
