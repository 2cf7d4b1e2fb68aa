package org.lethe.model.arithmetic;

import java.util.Optional;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Subtracts a module that learnt the forget rows from a weight, and adds one that learnt the retain
 * rows. Modules are merged products D = alpha / r B A: a sum over factors is not the sum of their
 * products.
 */
public sealed interface ModuleArithmetic {
  /**
   * The two modules at one weight, [out, in], DOUBLE.
   *
   * @param forget D_f
   * @param retain D_r, if there is one
   * @param forgetWeight lambda_f
   * @param retainWeight lambda_r
   */
  record Modules(
      INDArray forget, Optional<INDArray> retain, double forgetWeight, double retainWeight) {
    /** W + lambda_r D_r, a copy. */
    private INDArray retainedIn(INDArray weight) {
      return retain.map(d -> weight.add(d.mul(retainWeight))).orElseGet(weight::dup);
    }
  }

  /** Returns the changed weight, [out, in], DOUBLE. Does not change its arguments. */
  INDArray apply(INDArray weight, Modules modules);

  /** Whether it needs the retain module. */
  default boolean needsRetain() {
    return false;
  }

  /** W - lambda_f D_f + lambda_r D_r (Ilharco et al. 2023; Zhang et al. 2023 for LoRA). */
  record Plain() implements ModuleArithmetic {
    @Override
    public INDArray apply(INDArray weight, Modules modules) {
      return modules.retainedIn(weight).subi(modules.forget.mul(modules.forgetWeight));
    }
  }

  /**
   * Extraction before subtraction (Hu et al., AAAI 2024): subtracts from each row only the part of
   * D_f perpendicular to u = unit(unit(row of D_r) + unit(row of D_f)). The part that both modules
   * learnt is the general ability to write.
   */
  record ExtractionBeforeSubtraction() implements ModuleArithmetic {
    @Override
    public boolean needsRetain() {
      return true;
    }

    @Override
    public INDArray apply(INDArray weight, Modules modules) {
      INDArray common =
          units(
              units(
                      modules.retain.orElseThrow(
                          () -> new IllegalArgumentException("Invalid retain module: none")))
                  .addi(units(modules.forget)));
      INDArray along = modules.forget.mul(common).sum(true, 1); // [out, 1]
      INDArray extracted = modules.forget.sub(common.muliColumnVector(along));
      return modules.retainedIn(weight).subi(extracted.muli(modules.forgetWeight));
    }

    /** Scales rows to length 1. A row of zeros stays zero. */
    private static INDArray units(INDArray matrix) {
      INDArray norms = matrix.norm2(true, 1); // [out, 1]
      return matrix.divColumnVector(Transforms.max(norms, Double.MIN_NORMAL, true));
    }
  }

  /**
   * Ethos (Gao et al., NAACL 2024): projects D_f onto the singular directions U, V of the weight
   * with the retain module added: S = U^T D_f V. Entries below a share of the largest are general
   * knowledge and are not subtracted. If the weight is not square, U and V are the thin ones, and
   * the part of D_f outside their span is not subtracted either.
   *
   * <p>ND4J's own decomposition fails on matrices such as [90, 40], so Commons Math computes it on
   * one thread. That suits matrices of up to about a thousand rows.
   *
   * @param threshold share of the largest entry below which an entry is not subtracted, from 0 to
   *     below 1; the authors use 0.03
   */
  record Ethos(double threshold) implements ModuleArithmetic {
    /** Largest deviation of U S V^T from the weight, relative to the weight's norm. */
    private static final double TOLERANCE = 1e-6;

    public Ethos {
      if (!(threshold >= 0 && threshold < 1)) {
        throw new IllegalArgumentException(
            "Invalid threshold: " + threshold + ", expected from 0 to below 1");
      }
    }

    @Override
    public INDArray apply(INDArray weight, Modules modules) {
      INDArray base = modules.retainedIn(weight);
      Decomposition directions = Decomposition.of(base);
      INDArray u = directions.u(); // [out, k]
      INDArray v = directions.v(); // [in, k]
      INDArray components = u.transpose().mmul(modules.forget).mmul(v); // [k, k]
      INDArray sizes = Transforms.abs(components, true);
      double least = threshold * sizes.maxNumber().doubleValue();
      INDArray kept = components.mul(sizes.gte(least).castTo(DataType.DOUBLE));
      return base.subi(u.mmul(kept).mmul(v.transpose()).muli(modules.forgetWeight));
    }

    /**
     * Singular directions.
     *
     * @param u [out, k]
     * @param v [in, k]
     */
    private record Decomposition(INDArray u, INDArray v) {
      static Decomposition of(INDArray matrix) {
        SingularValueDecomposition found =
            new SingularValueDecomposition(MatrixUtils.createRealMatrix(matrix.toDoubleMatrix()));
        INDArray u = Nd4j.create(found.getU().getData());
        INDArray v = Nd4j.create(found.getV().getData());
        INDArray rebuilt =
            u.mulRowVector(Nd4j.create(found.getSingularValues())).mmul(v.transpose());
        double deviation = rebuilt.sub(matrix).norm2Number().doubleValue();
        if (!(deviation <= TOLERANCE * matrix.norm2Number().doubleValue())) {
          throw new IllegalStateException("Singular values are wrong by " + deviation);
        }
        return new Decomposition(u, v);
      }
    }
  }
}
