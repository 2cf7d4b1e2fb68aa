package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.compute.VectorMath;
import org.lethe.compute.Vectors;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.compute.selection.Backends;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.architecture.Projection;
import org.lethe.model.family.FamilyCase;
import org.lethe.model.layer.Activations;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;

/** A training step allocates exactly the memory that the layers report. */
final class BuffersTest {
  private static final Architecture ARCHITECTURE =
      new LlamaConfig(12, 20, 3, 4, 2, 6, 29, 64, 1e-5, 1000, Optional.empty(), true, Set.of())
          .architecture();

  /** Counts the elements of the matrices that a decoder allocates. */
  private static final class CountingBackend implements Backend {
    private final Backend backend = Backends.of(DataType.DOUBLE);
    private long elements;

    @Override
    public String name() {
      return backend.name();
    }

    @Override
    public DataType type() {
      return backend.type();
    }

    @Override
    public int threads() {
      return backend.threads();
    }

    @Override
    public Compute compute(int threads) {
      return backend.compute(threads);
    }

    @Override
    public Matrix matrix(int rows, int columns) {
      elements += (long) rows * columns;
      return backend.matrix(rows, columns);
    }

    @Override
    public VectorMath vectors() {
      return backend.vectors();
    }
  }

  static Stream<Arguments> adapters() {
    return Stream.of(
            Adapter.full(),
            new Adapter.Lora(3, 6, 0.2, Projection.moduleNames(), 5),
            new Adapter.Chosen(List.of("layers.{1,2}.mlp.down_proj", "norm")),
            new Adapter.Chosen(List.of("norm")))
        .flatMap(
            adapter -> Stream.of(Activations.values()).map(kept -> Arguments.of(adapter, kept)));
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void aTrainingStepAllocatesWhatTheLayersReport(Adapter adapter, Activations activations) {
    int sequences = 5;
    int length = 31;
    Batch batch = batch(sequences, length);
    CountingBackend backend = new CountingBackend();
    try (Decoder decoder =
            Decoder.load(ARCHITECTURE, adapter, backend, new FormulaWeights(), activations);
        Gradients gradients = decoder.newGradients()) {
      decoder.accumulate(batch, LogitLoss.negativeLogLikelihood(), gradients);
      assertThat(backend.elements * DataType.DOUBLE.width())
          .isEqualTo(
              DecoderMemory.trainingBytes(
                  ARCHITECTURE,
                  adapter,
                  DataType.DOUBLE,
                  sequences * (length - 1),
                  ARCHITECTURE.layers(),
                  activations));
    }
  }

  private static Batch batch(int sequences, int length) {
    return Batch.of(
        IntStream.range(0, sequences)
            .mapToObj(
                b ->
                    new Example(
                        "row " + b, IntStream.range(0, length).map(t -> t % 29).toArray(), 3))
            .toList());
  }

  /** As with reference losses, which are computed for many rows before training begins. */
  @Test
  void evaluatingMoreRowsThanTrainingEnlargesOneBlockOnly() {
    Adapter adapter = Adapter.full();
    CountingBackend backend = new CountingBackend();
    try (Decoder decoder = Decoder.load(ARCHITECTURE, adapter, backend, new FormulaWeights());
        Gradients gradients = decoder.newGradients()) {
      decoder.forward(batch(20, 31));
      long evaluated = backend.elements;
      decoder.accumulate(batch(5, 31), LogitLoss.negativeLogLikelihood(), gradients);
      int many = 20 * 30;
      int few = 5 * 30;
      assertThat(backend.elements - evaluated)
          .isEqualTo(
              Buffers.sharedElements(ARCHITECTURE, adapter, DataType.DOUBLE, many)
                  + blockElements(many)
                  + (ARCHITECTURE.layers() - 1) * blockElements(few));
    }
  }

  private static long blockElements(int rows) {
    return Buffers.inputElements(ARCHITECTURE, rows) + Buffers.slotElements(ARCHITECTURE, rows);
  }

  /** Blocks with a norm after each half, parallel blocks and LayerNorm among them. */
  static Stream<Arguments> cases() {
    Adapter lora = new Adapter.Lora(3, 6, 0.2, Set.of(Adapter.Lora.ALL_LINEAR), 5);
    return Stream.of("llama", "gemma2", "gemma3_text", "phi", "gpt2", "olmo2")
        .flatMap(name -> Stream.of(Adapter.full(), lora).map(a -> Arguments.of(name, a)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void recomputedActivationsGiveTheSameBits(String name, Adapter adapter) {
    FamilyCase c = FamilyCase.of(name);
    assertThat(gradient(c, adapter, Activations.RECOMPUTED))
        .usingRecursiveComparison()
        .isEqualTo(gradient(c, adapter, Activations.KEPT));
  }

  private static List<Object> gradient(FamilyCase c, Adapter adapter, Activations activations) {
    List<Object> results = new ArrayList<>();
    try (Decoder decoder =
            Decoder.load(
                c.architecture(), adapter, new HeapBackend(), FamilyCase.weights(), activations);
        Gradients gradients = decoder.newGradients()) {
      decoder.beginStep(1, 2);
      // The second pass finds what the first one left.
      for (int pass = 0; pass < 2; pass++) {
        results.add(decoder.accumulate(c.batch(), LogitLoss.negativeLogLikelihood(), gradients));
        results.add(Vectors.values(gradients.flat()));
      }
      HiddenPlace place = new HiddenPlace(0, HiddenPlace.Tokens.ALL);
      results.add(decoder.accumulateHidden(c.batch(), place, (o, x, s) -> 1, gradients));
      results.add(Vectors.values(gradients.flat()));
      results.add(decoder.forward(c.batch()).sums());
    }
    return results;
  }
}
