package org.lethe.model.arithmetic;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.lethe.error.ModelErrors;
import org.lethe.model.arithmetic.ModuleArithmetic.Modules;
import org.lethe.model.directory.AdapterDirectory;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A model less a module, and optionally plus another. Computed in DOUBLE, one tensor at a time.
 *
 * @param base the model
 * @param forget LoRA factors that learnt the forget set
 * @param retain LoRA factors that learnt the retain set
 * @param arithmetic formula
 * @param forgetWeight lambda_f, 0 or more
 * @param retainWeight lambda_r, 0 or more
 */
public record SubtractedModel(
    ModelDirectory base,
    AdapterDirectory forget,
    Optional<AdapterDirectory> retain,
    ModuleArithmetic arithmetic,
    double forgetWeight,
    double retainWeight) {
  private static final String PREFIX = "base_model.model.";
  private static final String SUFFIX = ".weight";

  public SubtractedModel {
    if (!(forgetWeight >= 0 && retainWeight >= 0)) {
      throw new IllegalArgumentException(
          "Invalid weights: " + forgetWeight + ", " + retainWeight + ", expected at least 0");
    }
    if (arithmetic.needsRetain() && retain.isEmpty()) {
      throw new IllegalArgumentException("Invalid modules: " + arithmetic + " needs a retain one");
    }
  }

  /**
   * Hands out all weights under their Hugging Face names, for {@link ModelDirectoryWriter}.
   *
   * @throws org.lethe.error.LetheException NO_EFFECT if a factor of the forget module is zero
   *     throughout: it was never trained, or not read
   */
  public void forEachTensor(BiConsumer<String, TensorValues> writer) {
    base.tensors()
        .forEach(
            tensor -> {
              HeapTensor weight = read(base, tensor.name(), tensor.shape());
              String module = tensor.name().substring(0, tensor.name().length() - SUFFIX.length());
              if (forget.contains(factor(module, "A"))) {
                writer.accept(tensor.name(), changed(module, exact(weight)));
              } else {
                writer.accept(tensor.name(), weight);
              }
            });
  }

  /**
   * The down-projections A of a module, by their names in PEFT, [r, in].
   *
   * @throws org.lethe.error.LetheException NO_EFFECT if a matrix is all zeros: it was never
   *     trained, or not read
   */
  public static SortedMap<String, float[][]> downProjections(
      ModelDirectory base, AdapterDirectory module) {
    SortedMap<String, float[][]> found = new TreeMap<>();
    base.tensors()
        .forEach(
            tensor -> {
              String name = tensor.name().replaceFirst("\\.weight$", "");
              String factor = factor(name, "A");
              if (module.contains(factor)) {
                long rank = module.adapter().rank();
                List<Long> shape = List.of(rank, tensor.shape().get(1));
                HeapTensor a = read(module, factor, shape);
                if (isZero(a.values())) {
                  throw ModelErrors.moduleWithoutEffect(name);
                }
                found.put(factor, rows(a));
              }
            });
    return found;
  }

  private static boolean isZero(float[] values) {
    for (float value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static float[][] rows(HeapTensor matrix) {
    int columns = (int) matrix.shape()[1];
    float[][] rows = new float[(int) matrix.shape()[0]][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(matrix.values(), row * columns, (row + 1) * columns);
    }
    return rows;
  }

  private TensorValues changed(String module, INDArray weight) {
    INDArray product = product(forget, module, weight);
    if (forgetWeight > 0 && product.norm2Number().doubleValue() == 0) {
      throw ModelErrors.moduleWithoutEffect(module);
    }
    INDArray result =
        arithmetic
            .apply(
                weight,
                new Modules(
                    product,
                    retain.map(other -> product(other, module, weight)),
                    forgetWeight,
                    retainWeight))
            .castTo(DataType.FLOAT);
    return new HeapTensor(result.dup('c').data().asFloat(), result.shape());
  }

  /** alpha / r B A, [out, in]; zero if the module has no factors for the weight. */
  private static INDArray product(AdapterDirectory module, String name, INDArray like) {
    if (!module.contains(factor(name, "A"))) {
      return Nd4j.zeros(DataType.DOUBLE, like.shape());
    }
    long rank = module.adapter().rank();
    List<Long> shapeOfA = List.of(rank, like.columns() * 1L);
    List<Long> shapeOfB = List.of(like.rows() * 1L, rank);
    INDArray a = exact(read(module, factor(name, "A"), shapeOfA));
    INDArray b = exact(read(module, factor(name, "B"), shapeOfB));
    return b.mmul(a).muli(module.adapter().scale());
  }

  private static String factor(String module, String letter) {
    return PREFIX + module + ".lora_" + letter + SUFFIX;
  }

  private static HeapTensor read(WeightSource source, String name, List<Long> shape) {
    long[] extents = shape.stream().mapToLong(Long::longValue).toArray();
    long length = Arrays.stream(extents).reduce(1, Math::multiplyExact);
    HeapTensor tensor = new HeapTensor(new float[Math.toIntExact(length)], extents);
    source.read(name, tensor);
    return tensor;
  }

  private static INDArray exact(HeapTensor matrix) {
    return Nd4j.create(matrix.values(), matrix.shape(), 'c').castTo(DataType.DOUBLE);
  }
}
