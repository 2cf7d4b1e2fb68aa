package org.lethe.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.model.Pass.AdapterUse;
import org.lethe.model.TensorCut.Tensor;
import org.lethe.tensor.TensorValues;

/**
 * The LoRA factors of one block: y[:, columns] += scale dropout(x) A^T B^T for each target. Unlike
 * the fused products they go one target at a time, since each has its own mask.
 */
final class LowRank {
  /**
   * Factors of one projection, or their gradients.
   *
   * @param a [r, in]
   * @param b [out, r]
   */
  record Factors(Matrix a, Matrix b) {}

  private static final String PREFIX = "base_model.model.";

  private final int layer;
  private final Adapter.Lora lora;

  LowRank(int layer, Adapter.Lora lora) {
    this.layer = layer;
    this.lora = lora;
  }

  /** PEFT's name of a factor. */
  private static String name(int layer, Projection projection, String factor) {
    return PREFIX
        + "model.layers."
        + layer
        + "."
        + projection.path()
        + ".lora_"
        + factor
        + ".weight";
  }

  /** A uniform in +-1 / sqrt(in), as PEFT's default (Kaiming with a = sqrt 5); B zero. */
  static void initialize(ParameterLayout layout, FlatVector parameters, long seed) {
    for (ParameterLayout.Entry entry : layout.entries()) {
      TensorValues view = layout.view(parameters, entry);
      if (entry.name().endsWith(".lora_A.weight")) {
        double bound = 1 / Math.sqrt(entry.shape()[1]);
        RandomWeights.uniform(seed, entry.name(), bound, view);
      } else {
        parameters.math().fill(0, parameters.slice(entry.offset(), entry.length()));
      }
    }
  }

  static List<Tensor> tensors(DecoderConfig config, int layer, Adapter.Lora lora) {
    List<Tensor> tensors = new ArrayList<>();
    for (Projection projection : lora.targets()) {
      int in = projection.inputs(config);
      int out = projection.outputs(config);
      tensors.add(Tensor.matrix(name(layer, projection, "A"), lora.rank(), in));
      tensors.add(Tensor.matrix(name(layer, projection, "B"), out, lora.rank()));
    }
    return tensors;
  }

  Map<Projection, Factors> factors(TensorCut cut) {
    Map<Projection, Factors> factors = new TreeMap<>();
    for (Projection projection : lora.targets()) {
      factors.put(
          projection,
          new Factors(
              cut.matrix(name(layer, projection, "A")), cut.matrix(name(layer, projection, "B"))));
    }
    return factors;
  }

  /** y += scale dropout(x) A^T B^T. */
  void forward(Projection projection, Factors factors, Matrix x, Matrix y, Pass pass) {
    if (pass.adapter() == AdapterUse.OFF) {
      return;
    }
    Compute compute = pass.compute();
    Matrix u = pass.buffers().lowRank(x.rows()); // [N, r]
    compute.multiply(
        Form.AS_IS, dropped(projection, x, pass), Form.TRANSPOSED, factors.a(), 1, 0, u);
    compute.multiply(Form.AS_IS, u, Form.TRANSPOSED, factors.b(), lora.scale(), 1, y);
  }

  /** dB += scale dY^T u, dA += du^T dropout(x), dX += dropout(du A) with du = scale dY B. */
  void backward(
      Projection projection,
      Factors factors,
      Factors gradients,
      Matrix x,
      Matrix dY,
      Matrix dX,
      Pass pass) {
    Compute compute = pass.compute();
    Matrix dropped = dropped(projection, x, pass);
    Matrix u = pass.buffers().lowRank(x.rows());
    Matrix du = pass.buffers().dLowRank(x.rows());
    compute.multiply(Form.AS_IS, dropped, Form.TRANSPOSED, factors.a(), 1, 0, u);
    compute.multiply(Form.TRANSPOSED, dY, Form.AS_IS, u, lora.scale(), 1, gradients.b());
    compute.multiply(Form.AS_IS, dY, Form.AS_IS, factors.b(), lora.scale(), 0, du);
    compute.multiply(Form.TRANSPOSED, du, Form.AS_IS, dropped, 1, 1, gradients.a());
    Optional<Noise> noise = noise(pass);
    if (noise.isEmpty()) {
      compute.multiply(Form.AS_IS, du, Form.AS_IS, factors.a(), 1, 1, dX);
    } else {
      Matrix dDropped = pass.buffers().masked(x.rows(), x.columns());
      compute.multiply(Form.AS_IS, du, Form.AS_IS, factors.a(), 1, 0, dDropped);
      compute.mask(dDropped, masks(projection, noise.get(), pass.rows()), 1, dX);
    }
  }

  private Optional<Noise> noise(Pass pass) {
    return lora.dropout() > 0 ? pass.noise() : Optional.empty();
  }

  private Matrix dropped(Projection projection, Matrix x, Pass pass) {
    Optional<Noise> noise = noise(pass);
    if (noise.isEmpty()) {
      return x;
    }
    Matrix dropped = pass.buffers().masked(x.rows(), x.columns());
    pass.compute().mask(x, masks(projection, noise.get(), pass.rows()), 0, dropped);
    return dropped;
  }

  private Compute.MaskSource masks(Projection projection, Noise noise, Rows rows) {
    int[] sequences = new int[rows.count()];
    for (int b = 0; b < rows.batchSize(); b++) {
      java.util.Arrays.fill(sequences, rows.starts()[b], rows.starts()[b + 1], b);
    }
    return (row, mask, count) ->
        Noise.mask(
            noise.stream(rows.keys()[sequences[row]], rows.positions()[row], layer, projection),
            lora.dropout(),
            mask,
            count);
  }
}
