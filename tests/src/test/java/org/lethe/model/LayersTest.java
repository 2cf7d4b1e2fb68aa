package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrices;
import org.lethe.compute.Matrix;
import org.lethe.compute.NetworkVector;
import org.lethe.compute.Vectors;
import org.lethe.compute.selection.Backends;
import org.lethe.model.Buffers.PassKind;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The decoder's parts as Deeplearning4j sees them. */
final class LayersTest {
  private static final DecoderConfig CONFIG =
      new DecoderConfig(
          12, 20, 3, 4, 2, 6, 29, 64, 1e-5, 1000, Optional.empty(), true, false, false);
  private static final Batch BATCH =
      Batch.of(
          List.of(
              new Example("a", new int[] {1, 5, 9, 5, 7, 2}, 2),
              new Example("b", new int[] {1, 4, 20, 28, 2}, 4)));
  private static final Backend BACKEND = Backends.of(DataType.DOUBLE);
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  static List<Adapter> adapters() {
    return List.of(
        Adapter.full(),
        new Adapter.Lora(3, 6, 0.2, EnumSet.allOf(Projection.class), 5),
        new Adapter.Chosen(List.of("layers.{1,2}.mlp.down_proj", "norm")),
        new Adapter.Chosen(List.of("norm")));
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void drivenThroughTheirInterfaceTheyGiveTheDecodersGradients(Adapter adapter) {
    Rotary rotary = new Rotary(CONFIG);
    DecoderNetwork network = new DecoderNetwork(CONFIG, adapter, BACKEND, rotary);
    Buffers buffers = new Buffers(CONFIG, adapter, BACKEND);
    DecoderPasses passes =
        new DecoderPasses(
            CONFIG,
            network,
            rotary,
            BACKEND.compute(1),
            buffers,
            Pass.AdapterUse.ON,
            network.ownWeights());
    LogitLoss loss = LogitLoss.negativeLogLikelihood();
    try (Decoder decoder = Decoder.load(CONFIG, adapter, DataType.DOUBLE, new FormulaWeights());
        Gradients expected = decoder.newGradients()) {
      copyWeights(decoder, network);
      double expectedLoss = decoder.accumulate(BATCH, loss, expected);

      Gradients gradients = network.newGradients();
      handOut(gradients, network);
      Pass pass = passes.pass(Rows.of(BATCH), PassKind.TRAINING, CONFIG.layers());
      INDArray x = Nd4j.createFromArray(pass.rows().tokens());
      for (Layer layer : network.layers()) {
        x = layer.activate(x, true, NO_WORKSPACES).dup('c'); // from elsewhere than the pass
      }
      Matrix normed = Matrices.of(BACKEND, x.toDoubleMatrix());
      Matrix dNormed = BACKEND.matrix(normed.rows(), normed.columns());
      assertThat(network.head().accumulate(normed, pass, loss, dNormed))
          .isCloseTo(expectedLoss, within(1e-9));
      INDArray epsilon = Nd4j.create(Matrices.rows(dNormed));
      for (Layer layer : reachedFromAbove(network)) {
        epsilon = layer.backpropGradient(epsilon, NO_WORKSPACES).getSecond().dup('c');
      }

      assertThat(Vectors.distance(gradients.flat(), expected.flat())).isLessThan(1e-10);
      for (DecoderLayer<?> layer : network.layers()) {
        assertThat(layer.gradient().gradientForVariable().keySet())
            .containsExactlyElementsOf(
                layer.trained().stream().map(TensorCut.Tensor::name).toList());
      }
    } finally {
      buffers.close();
      network.close();
    }
  }

  private static void copyWeights(Decoder decoder, DecoderNetwork network) {
    for (DecoderLayer<?> layer : network.layers()) {
      TensorCut cut = layer.baseCut();
      cut.tensors().forEach(t -> new FormulaWeights().read(t.name(), cut.values(t)));
    }
    // Factors that are not zero, so that both of each pair have gradients.
    for (ParameterLayout.Entry entry : network.layout().entries()) {
      new FormulaWeights().read(entry.name(), decoder.layout().view(decoder.parameters(), entry));
      new FormulaWeights().read(entry.name(), network.layout().view(network.parameters(), entry));
    }
  }

  private static void handOut(Gradients gradients, DecoderNetwork network) {
    network.bind(gradients);
    INDArray flat = ((NetworkVector) gradients.flat()).array();
    long offset = 0;
    for (DecoderLayer<?> layer : network.layers()) {
      long end = offset + layer.numParams();
      if (layer.isTrained()) {
        layer.setBackpropGradientsViewArray(flat.get(NDArrayIndex.interval(offset, end)));
      }
      offset = end;
    }
  }

  /** As far down as anything is trained: what is below has no place in the buffers. */
  private static List<Layer> reachedFromAbove(DecoderNetwork network) {
    List<Layer> layers =
        new ArrayList<>(
            network.layers().subList(1 + network.firstTrainedBlock(), 2 + CONFIG.layers()));
    if (network.embedding().isTrained()) {
      layers.add(0, network.embedding());
    }
    Collections.reverse(layers);
    return layers;
  }

  @Test
  void aLayerWithoutAPassNamesItself() {
    DecoderNetwork network =
        new DecoderNetwork(CONFIG, Adapter.full(), BACKEND, new Rotary(CONFIG));
    assertThatIllegalStateException()
        .isThrownBy(() -> network.blocks().get(1).activate(false, NO_WORKSPACES))
        .withMessage("No pass is made before layer block 1");
    network.close();
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void memoryReportsSumUpToTheDecodersMemory(Adapter adapter) {
    DecoderNetwork network = new DecoderNetwork(CONFIG, adapter, BACKEND, new Rotary(CONFIG));
    long frozen = 0;
    long working = 0;
    int rows = 64 << 13; // more than a chunk of logits
    for (DecoderLayer<?> layer : network.layers()) {
      LayerMemoryReport report =
          layer.layerConf().getMemoryReport(InputType.recurrent(CONFIG.hiddenSize(), rows));

      assertThat(report.getParameterSize()).isEqualTo(layer.numParams());
      assertThat(report.getUpdaterStateSize()).isZero();
      frozen += TensorCut.length(layer.layerConf().frozen());
      working +=
          report.getWorkingMemoryFixedTrain().get(CacheMode.NONE)
              + report.getWorkingMemoryVariableTrain().get(CacheMode.NONE);
    }
    network.close();

    assertThat((working - frozen) * DataType.DOUBLE.width())
        .isEqualTo(
            DecoderMemory.trainingBytes(CONFIG, adapter, DataType.DOUBLE, rows, CONFIG.layers()));
  }
}
