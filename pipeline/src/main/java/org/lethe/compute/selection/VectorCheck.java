package org.lethe.compute.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.lethe.compute.Backend;
import org.lethe.compute.FlatVector;
import org.lethe.compute.InnerProducts;
import org.lethe.compute.VectorMath;
import org.lethe.compute.VectorMath.AdamWStep;
import org.lethe.compute.VectorMath.SgdStep;
import org.lethe.compute.VectorMath.Term;

/**
 * Arithmetic on flat vectors of parameters and gradients.
 *
 * @param name of the operation, for reports
 * @param operation on vectors of random numbers
 */
record VectorCheck(String name, Operation operation) implements SelfTest.Check {
  /** Long enough for two pieces of a sum. */
  private static final int LENGTH = 70_000;

  private static final int VECTORS = 4;
  private static final AdamWStep STEP = new AdamWStep(0.9, 0.99, 1e-6, 0.999, 0.01, 0.5);

  /** An operation that changes the last vector. */
  interface Operation {
    void run(VectorMath math, List<FlatVector> vectors);
  }

  static Stream<VectorCheck> all() {
    return Stream.of(
        new VectorCheck("fill", (math, v) -> math.fill(0.5, v.get(3).slice(1000, 3000))),
        new VectorCheck("scaled sum", (math, v) -> math.axpby(0.3, v.get(0), -2, v.get(3))),
        new VectorCheck(
            "weighted sum",
            (math, v) -> math.weightedSum(v.subList(0, 2), new double[] {0.25, 0.75}, v.get(3))),
        new VectorCheck(
            "inner products",
            (math, v) -> {
              for (InnerProducts part : math.innerProducts(v.get(0), v.get(1), 5, LENGTH)) {
                put(part, v.get(3));
              }
            }),
        new VectorCheck(
            "first infinite number",
            (math, v) -> {
              v.get(0).put(69_000, new float[] {Float.POSITIVE_INFINITY}, 0, 1);
              put(v.get(3), math.firstNonFinite(v.get(0)).orElse(-1));
            }),
        new VectorCheck(
            "selection by sign",
            (math, v) -> math.selectBySign(new Term(v.get(0), 10), new Term(v.get(3), 2))),
        new VectorCheck(
            "SGD",
            (math, v) ->
                math.sgd(
                    List.of(new Term(v.get(0), 2)),
                    v.get(3),
                    Optional.of(v.get(1)),
                    new SgdStep(0.5, 0.9, 0.1))),
        new VectorCheck(
            "AdamW",
            (math, v) -> {
              math.fill(0.5, v.get(2));
              math.adamW(direction(v), v.get(3), v.get(1), v.get(2), STEP);
            }),
        new VectorCheck(
            "inner products in AdamW's metric",
            (math, v) -> {
              math.fill(0.5, v.get(2));
              List<Term> direction = direction(v);
              put(math.adamWProducts(direction.get(0), direction.get(1), v.get(2), STEP), v.get(3));
            }));
  }

  private static List<Term> direction(List<FlatVector> v) {
    return List.of(new Term(v.get(0), 0.5), new Term(v.get(1), -0.1));
  }

  /** Replaces all elements by the sums, so that they decide the comparison. */
  private static void put(InnerProducts products, FlatVector target) {
    put(target, products.first(), products.second(), products.mixed());
  }

  private static void put(FlatVector target, double... figures) {
    float[] all = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      all[i] = (float) figures[i % figures.length];
    }
    target.put(0, all, 0, LENGTH);
  }

  @Override
  public float[] result(Backend backend, Random random) {
    VectorMath math = backend.vectors();
    List<FlatVector> vectors = new ArrayList<>();
    for (int i = 0; i < VECTORS; i++) {
      FlatVector vector = math.zeros(LENGTH);
      vector.put(0, SelfTest.values(random, LENGTH), 0, LENGTH);
      vectors.add(vector);
    }
    try {
      operation.run(math, vectors);
      float[] result = new float[LENGTH];
      vectors.get(VECTORS - 1).get(0, result, 0, LENGTH);
      return result;
    } finally {
      vectors.forEach(FlatVector::close);
    }
  }
}
