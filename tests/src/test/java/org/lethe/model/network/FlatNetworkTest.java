package org.lethe.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.NetworkVector;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.GoldenWeights;
import org.lethe.model.Gradients;
import org.lethe.model.LogitLoss;
import org.lethe.model.ParameterLayout;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.architecture.Projection;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Deeplearning4j's view of a decoder has the decoder's order, names and memory. */
final class FlatNetworkTest {
  private static final Architecture ARCHITECTURE =
      new LlamaConfig(
              12, 20, 3, 4, 2, 6, 29, 64, 1e-5, 1000, Optional.empty(), false, Projection.ATTENTION)
          .architecture();
  private static final Batch BATCH =
      Batch.of(
          List.of(
              new Example("a", new int[] {1, 5, 9, 5, 7, 2}, 2),
              new Example("b", new int[] {1, 4, 20, 28, 2}, 4)));

  static List<Adapter> adapters() {
    return List.of(
        Adapter.full(),
        new Adapter.Lora(3, 6, 0.2, Projection.moduleNames(), 5),
        new Adapter.Chosen(List.of("layers.{1,2}.mlp.down_proj", "norm")));
  }

  private static Decoder decoder(Adapter adapter) {
    return Decoder.load(ARCHITECTURE, adapter, DataType.DOUBLE, GoldenWeights.formula());
  }

  private static Map<String, INDArray> tensors(Layer layer) {
    return layer.paramTable();
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void layersHoldTheTensorsOfTheLayoutInItsOrder(Adapter adapter) {
    try (Decoder decoder = decoder(adapter)) {
      MultiLayerNetwork network = decoder.deeplearning4j().owner().orElseThrow();
      List<String> names = new ArrayList<>();
      for (Layer layer : network.getLayers()) {
        tensors(layer)
            .forEach(
                (name, view) -> {
                  names.add(name);
                  ParameterLayout.Entry entry = decoder.layout().find(name).orElseThrow();
                  assertThat(view.shape()).isEqualTo(entry.shape());
                  assertThat(view.offset() - network.params().offset()).isEqualTo(entry.offset());
                });
      }
      assertThat(names)
          .containsExactlyElementsOf(
              decoder.layout().entries().stream().map(ParameterLayout.Entry::name).toList());
      assertThat(network.getLayerNames())
          .containsExactly("embedding", "block 0", "block 1", "block 2", "head");
      assertThat(network.numParams()).isEqualTo(decoder.layout().size());
    }
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void writingAViewChangesWhatTheDecoderComputes(Adapter adapter) {
    try (Decoder decoder = decoder(adapter)) {
      MultiLayerNetwork network = decoder.deeplearning4j().owner().orElseThrow();
      double before = decoder.forward(BATCH).total();
      network.getLayer(3).paramTable().values().forEach(view -> view.addi(0.25));
      double after = decoder.forward(BATCH).total();
      assertThat(after).isNotCloseTo(before, within(1e-6));
      network.getLayer(3).paramTable().values().forEach(view -> view.subi(0.25));
      assertThat(decoder.forward(BATCH).total()).isCloseTo(before, within(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void gradientsAreCutLikeParameters(Adapter adapter) {
    try (Decoder decoder = decoder(adapter);
        Gradients gradients = decoder.newGradients()) {
      decoder.accumulate(BATCH, LogitLoss.negativeLogLikelihood(), gradients);
      INDArray flat = ((NetworkVector) gradients.flat()).array();
      MultiLayerNetwork network = decoder.deeplearning4j().owner().orElseThrow();
      network.setBackpropGradientsViewArray(flat.reshape('c', new long[] {1, flat.length()}));
      for (Layer layer : network.getLayers()) {
        if (layer.numParams() > 0) {
          cut(layer)
              .forEach(
                  (name, view) -> {
                    ParameterLayout.Entry entry = decoder.layout().find(name).orElseThrow();
                    double[] expected = new double[(int) entry.length()];
                    gradients.flat().get(entry.offset(), expected, 0, expected.length);
                    assertThat(view.dup('c').data().asDouble()).containsExactly(expected);
                  });
        }
      }
    }
  }

  private static Map<String, INDArray> cut(Layer layer) {
    return layer
        .conf()
        .getLayer()
        .initializer()
        .getGradientsFromFlattened(layer.conf(), layer.getGradientsViewArray());
  }
}
