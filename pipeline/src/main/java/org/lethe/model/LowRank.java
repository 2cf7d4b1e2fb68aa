package org.lethe.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.model.Pass.AdapterUse;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.Linear;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.layer.TensorCut;
import org.lethe.tensor.TensorValues;

/**
 * The LoRA terms of one block: y[:, columns] += scale dropout(x) A^T B^T for each target. Each
 * target has its own mask, so it also has its own products.
 */
final class LowRank {
  /**
   * Factors of one projection, or their gradients.
   *
   * @param a [r, in]
   * @param b [out, r]
   */
  record Factors(Matrix a, Matrix b) {}

  /**
   * What factors add to a weight.
   *
   * @param order order of the weight's dimensions
   */
  record Change(Factors factors, Linear.Order order) {
    /** weight += scale B A, or its transpose if inputs are first. */
    void addTo(Matrix weight, double scale, Compute compute) {
      if (order == Linear.Order.OUTPUTS_FIRST) {
        compute.multiply(Form.AS_IS, factors.b(), Form.AS_IS, factors.a(), scale, 1, weight);
      } else {
        compute.multiply(
            Form.TRANSPOSED, factors.a(), Form.TRANSPOSED, factors.b(), scale, 1, weight);
      }
    }
  }

  private static final String PREFIX = "base_model.model.";
  private static final String A = ".lora_A.weight";
  private static final String B = ".lora_B.weight";

  private final Block block;
  private final Adapter.Lora lora;

  LowRank(Block block, Adapter.Lora lora) {
    this.block = block;
    this.lora = lora;
  }

  /**
   * Fills A with uniform values in +-1 / sqrt(in), PEFT's default (Kaiming with a = sqrt 5), and B
   * with zeros.
   */
  static void initialize(ParameterLayout layout, FlatVector parameters, long seed) {
    for (ParameterLayout.Entry entry : layout.entries()) {
      TensorValues view = layout.view(parameters, entry);
      if (entry.name().endsWith(A)) {
        double bound = 1 / Math.sqrt(entry.shape()[1]);
        RandomWeights.uniform(seed, entry.name(), bound, view);
      } else {
        parameters.math().fill(0, parameters.slice(entry.offset(), entry.length()));
      }
    }
  }

  /** The modules that have factors, in the order of the flat vector. */
  static List<String> modules(ParameterLayout layout) {
    return layout.entries().stream()
        .map(ParameterLayout.Entry::name)
        .filter(name -> name.endsWith(A))
        .map(name -> name.substring(PREFIX.length(), name.length() - A.length()))
        .toList();
  }

  /** The factors of a block in the order of the flat vector, under PEFT's names. */
  static List<TensorSpec> tensors(Block block, Adapter.Lora lora) {
    return targets(block, lora).flatMap(map -> Stream.of(a(map, lora), b(map, lora))).toList();
  }

  private static Stream<Linear> targets(Block block, Adapter.Lora lora) {
    return block.linears().stream().filter(map -> lora.targets(map.module()));
  }

  private static TensorSpec a(Linear map, Adapter.Lora lora) {
    return TensorSpec.matrix(PREFIX + map.module() + A, lora.rank(), map.inputs());
  }

  private static TensorSpec b(Linear map, Adapter.Lora lora) {
    return TensorSpec.matrix(PREFIX + map.module() + B, map.outputs(), lora.rank());
  }

  /** The factors of a block by module. */
  Map<String, Factors> factors(TensorCut cut) {
    Map<String, Factors> factors = new TreeMap<>();
    targets(block, lora)
        .forEach(
            map ->
                factors.put(
                    map.module(), new Factors(cut.matrix(a(map, lora)), cut.matrix(b(map, lora)))));
    return factors;
  }

  /** y += scale dropout(x) A^T B^T. */
  void forward(Linear map, Factors factors, Matrix x, Matrix y, Pass pass) {
    if (pass.adapter() == AdapterUse.OFF) {
      return;
    }
    Compute compute = pass.compute();
    Matrix u = pass.buffers().lowRank(x.rows()); // [N, r]
    compute.multiply(Form.AS_IS, dropped(map, x, pass), Form.TRANSPOSED, factors.a(), 1, 0, u);
    compute.multiply(Form.AS_IS, u, Form.TRANSPOSED, factors.b(), lora.scale(), 1, y);
  }

  /** dB += scale dY^T u, dA += du^T dropout(x), dX += dropout(du A) with du = scale dY B. */
  void backward(
      Linear map, Factors factors, Factors gradients, Matrix x, Matrix dY, Matrix dX, Pass pass) {
    Compute compute = pass.compute();
    Matrix dropped = dropped(map, x, pass);
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
      compute.mask(dDropped, masks(map, noise.get(), pass.rows()), 1, dX);
    }
  }

  private Optional<Noise> noise(Pass pass) {
    return lora.dropout() > 0 ? pass.noise() : Optional.empty();
  }

  private Matrix dropped(Linear map, Matrix x, Pass pass) {
    Optional<Noise> noise = noise(pass);
    if (noise.isEmpty()) {
      return x;
    }
    Matrix dropped = pass.buffers().masked(x.rows(), x.columns());
    pass.compute().mask(x, masks(map, noise.get(), pass.rows()), 0, dropped);
    return dropped;
  }

  private Compute.MaskSource masks(Linear map, Noise noise, Rows rows) {
    int[] sequences = new int[rows.count()];
    for (int b = 0; b < rows.batchSize(); b++) {
      java.util.Arrays.fill(sequences, rows.starts()[b], rows.starts()[b + 1], b);
    }
    int index = block.linears().indexOf(map);
    return (row, mask, count) ->
        Noise.mask(
            noise.stream(rows.keys()[sequences[row]], rows.positions()[row], block.index(), index),
            lora.dropout(),
            mask,
            count);
  }
}
