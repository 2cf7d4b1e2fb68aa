package org.lethe.model.family;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.Vectors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.FiniteDifferences;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.model.LogitLoss;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Compares gradients of each family with central differences in DOUBLE. */
final class FamilyGradientTest {
  private static final double STEP = 1e-5;

  /** A loss weighted by position, so that rows have different weights. */
  private static final LogitLoss WEIGHTED =
      chunk -> {
        double[] losses = chunk.tokenLosses();
        double[] weights = weights(chunk);
        chunk.nllGradient(weights);
        return sum(weights, losses);
      };

  private static double[] weights(LogitChunk chunk) {
    double[] weights = new double[chunk.rows()];
    Arrays.setAll(weights, row -> 1 + 0.3 * (chunk.firstRow() + row));
    return weights;
  }

  private static double sum(double[] weights, double[] losses) {
    return IntStream.range(0, losses.length).mapToDouble(row -> weights[row] * losses[row]).sum();
  }

  /** The same loss without gradient. */
  private static double loss(Decoder decoder, Batch batch) {
    DoubleAdder sum = new DoubleAdder();
    decoder.forward(batch, chunk -> sum.add(sum(weights(chunk), chunk.tokenLosses())));
    return sum.sum();
  }

  static Stream<Arguments> casesAndAdapters() {
    Adapter lora = new Adapter.Lora(3, 6, 0, Set.of(Adapter.Lora.ALL_LINEAR), 5);
    return FamilyCase.all()
        .flatMap(
            c ->
                Stream.of(Adapter.full(), lora, chosen(c))
                    .map(adapter -> Arguments.of(c, adapter)));
  }

  @ParameterizedTest
  @MethodSource("casesAndAdapters")
  void gradientsAgreeWithFiniteDifferences(FamilyCase c, Adapter adapter) {
    try (Decoder decoder =
            Decoder.load(c.architecture(), adapter, DataType.DOUBLE, FamilyCase.weights());
        Gradients gradients = decoder.newGradients()) {
      if (adapter instanceof Adapter.Lora) {
        Nd4j.getRandom().setSeed(7);
        Vectors.assign(
            decoder.parameters(),
            Nd4j.rand(DataType.DOUBLE, decoder.parameters().length()).subi(0.5).muli(0.3));
      }
      decoder.accumulate(c.batch(), WEIGHTED, gradients);
      FiniteDifferences.assertGradient(
          decoder, gradients.flat(), STEP, 1e-6, () -> loss(decoder, c.batch()));
    }
  }

  /** Norms and feed-forward network of the second block; everything below is frozen. */
  private static Adapter chosen(FamilyCase c) {
    List<String> names =
        c.architecture().blocks().get(1).tensors().stream()
            .map(tensor -> tensor.name())
            .filter(name -> name.contains("mlp") || name.contains("norm") || name.contains("ln_"))
            .toList();
    return new Adapter.Chosen(names);
  }
}
