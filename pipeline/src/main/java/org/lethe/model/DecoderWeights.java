package org.lethe.model;

import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.lethe.compute.Compute;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.layer.TensorCut;
import org.lethe.tensor.TensorValues;

/** The weights of a decoder by name. */
final class DecoderWeights {
  private final Decoder decoder;
  private final DecoderNetwork network;

  DecoderWeights(Decoder decoder, DecoderNetwork network) {
    this.decoder = decoder;
    this.network = network;
  }

  /**
   * Passes all weights to the writer.
   *
   * @param changes what LoRA factors add to a weight, by its name
   */
  void forEach(Map<String, LowRank.Change> changes, BiConsumer<String, TensorValues> writer) {
    for (TensorCut cut : network.ownTensors()) {
      for (TensorSpec tensor : cut.tensors()) {
        LowRank.Change own = changes.get(tensor.name());
        if (own == null) {
          writer.accept(tensor.name(), cut.values(tensor));
        } else {
          merged(cut.matrix(tensor), own, tensor.name(), writer);
        }
      }
    }
  }

  /** The weight with its factors. */
  private void merged(
      Matrix weight, LowRank.Change change, String name, BiConsumer<String, TensorValues> to) {
    FlatVector values = decoder.backend().vectors().zeros((long) weight.rows() * weight.columns());
    Matrix sum = values.matrix(0, weight.rows(), weight.columns());
    Compute compute = decoder.compute();
    compute.copy(weight, sum);
    change.addTo(sum, ((Adapter.Lora) decoder.adapter()).scale(), compute);
    to.accept(name, values.tensor(0, weight.rows(), weight.columns()));
    values.close();
  }

  /** Changes the weights of all linear maps of the blocks in place. */
  void changeLinearMaps(Consumer<TensorValues> change) {
    Set<String> linear =
        decoder.architecture().blocks().stream()
            .flatMap(block -> block.linears().stream())
            .map(map -> map.weight().name())
            .collect(Collectors.toSet());
    for (TensorCut cut : network.ownTensors()) {
      for (TensorSpec tensor : cut.tensors()) {
        if (linear.contains(tensor.name())) {
          change.accept(cut.values(tensor));
        }
      }
    }
  }
}
