package org.lethe.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.compute.selection.Backends;
import org.lethe.error.ModelErrors;
import org.lethe.model.Buffers.PassKind;
import org.lethe.model.Pass.AdapterUse;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.layer.Activations;
import org.lethe.model.layer.FrozenMemory;
import org.lethe.model.layer.Rotations;
import org.lethe.model.layer.TensorCut;
import org.lethe.model.network.FlatNetwork;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A decoder-only language model over the tensors of a backend. Deeplearning4j holds its layout and,
 * in ND4J's memory, its flat parameter vector. A decoder belongs to one thread at a time.
 */
public final class Decoder implements AutoCloseable {
  private final Architecture architecture;
  private final Adapter adapter;
  private final Backend backend;
  private final DecoderNetwork network;
  private final Compute compute;
  private final Buffers buffers;
  private final AdapterUse adapterUse;
  private final Optional<Decoder> shared;
  private final Optional<FlatVector> copy;
  private final List<DecoderLayer.Bound<?>> weights;
  private final DecoderPasses passes;

  private Decoder(
      Architecture architecture,
      Adapter adapter,
      FrozenMemory memory,
      Rotations rotations,
      Activations activations,
      int threads) {
    this.architecture = architecture;
    this.adapter = adapter;
    backend = memory.backend();
    network = new DecoderNetwork(architecture, adapter, memory, rotations, activations);
    compute = backend.compute(threads);
    buffers = new Buffers(architecture, adapter, backend, activations);
    adapterUse = AdapterUse.ON;
    shared = Optional.empty();
    copy = Optional.empty();
    weights = network.ownWeights();
    passes =
        new DecoderPasses(architecture, network, rotations, compute, buffers, adapterUse, weights);
  }

  /**
   * Shares everything with another decoder except the use of its adapter and, if there is a copy,
   * the trained parameters.
   */
  private Decoder(Decoder shared, AdapterUse adapterUse, Optional<FlatVector> copy) {
    this.shared = Optional.of(shared);
    this.copy = copy;
    weights = copy.map(shared.network::weightsOf).orElse(shared.weights);
    architecture = shared.architecture;
    adapter = shared.adapter;
    backend = shared.backend;
    network = shared.network;
    compute = shared.compute;
    buffers = shared.buffers;
    this.adapterUse = adapterUse;
    passes = shared.passes.with(adapterUse, weights);
  }

  /**
   * Builds a decoder and reads its weights. LoRA factors start as in PEFT: A uniform, B zero.
   *
   * @param type FLOAT or DOUBLE
   * @throws org.lethe.error.LetheException if the source lacks a tensor
   */
  public static Decoder load(
      Architecture architecture, Adapter adapter, DataType type, WeightSource weights) {
    return load(architecture, adapter, Backends.of(type), weights);
  }

  /** As {@link #load(Architecture, Adapter, DataType, WeightSource)}, on a given backend. */
  public static Decoder load(
      Architecture architecture, Adapter adapter, Backend backend, WeightSource weights) {
    return load(architecture, adapter, backend, weights, Activations.KEPT);
  }

  /** As {@link #load(Architecture, Adapter, Backend, WeightSource)}, for training. */
  public static Decoder load(
      Architecture architecture,
      Adapter adapter,
      Backend backend,
      WeightSource weights,
      Activations activations) {
    Rotations rotations = Rotations.of(architecture);
    return load(architecture, adapter, backend, weights, rotations, activations, backend.threads());
  }

  static Decoder load(
      Architecture architecture,
      Adapter adapter,
      Backend backend,
      WeightSource weights,
      Rotations rotations,
      Activations activations,
      int threads) {
    FrozenMemory memory = new FrozenMemory(backend, weights::dtype);
    Decoder decoder = new Decoder(architecture, adapter, memory, rotations, activations, threads);
    for (TensorCut cut : decoder.network.ownTensors()) {
      cut.tensors().forEach(tensor -> weights.read(tensor.name(), cut.values(tensor)));
    }
    if (adapter instanceof Adapter.Lora) {
      decoder.restoreFactors();
    }
    return decoder;
  }

  /**
   * Gives LoRA factors their initial values, as in PEFT: A uniform, B zero.
   *
   * @throws IllegalStateException if the adapter is not LoRA
   */
  public void restoreFactors() {
    if (!(adapter instanceof Adapter.Lora lora)) {
      throw new IllegalStateException("A decoder without an adapter has no factors");
    }
    LowRank.initialize(layout(), parameters(), lora.seed());
  }

  public Architecture architecture() {
    return architecture;
  }

  public Adapter adapter() {
    return adapter;
  }

  public DataType dataType() {
    return backend.type();
  }

  Compute compute() {
    return compute;
  }

  /** Backend that holds the decoder's memory. */
  public Backend backend() {
    return backend;
  }

  /** Layout of the trainable tensors in the flat vector. */
  public ParameterLayout layout() {
    return network.layout();
  }

  /** The trainable parameters, [P]; writing to it changes the decoder. */
  public FlatVector parameters() {
    return network.parameters();
  }

  /** The decoder's layers for Deeplearning4j's tools. */
  public FlatNetwork deeplearning4j() {
    return network.deeplearning4j();
  }

  /** Allocates a zeroed gradient vector. */
  public Gradients newGradients() {
    return network.newGradients();
  }

  /**
   * Computes the losses of the completion tokens, without gradient.
   *
   * @throws org.lethe.error.LetheException if a loss is not finite or a token is not in the
   *     vocabulary
   */
  public TokenLosses forward(Batch batch) {
    double[][] losses = new double[batch.size()][];
    int[] next = new int[batch.size()];
    for (int b = 0; b < losses.length; b++) {
      losses[b] = new double[batch.examples().get(b).completionTokens()];
    }
    forward(
        batch,
        chunk -> {
          double[] values = chunk.tokenLosses();
          int[] sequences = chunk.sequences();
          for (int row = 0; row < values.length; row++) {
            int b = sequences[row];
            losses[b][next[b]++] = finite(values[row], batch.examples().get(b));
          }
        });
    return new TokenLosses(losses);
  }

  /** Passes the raw logits of all completion positions to the reader, chunk by chunk. */
  public void forward(Batch batch, Consumer<LogitChunk> reader) {
    Pass pass = passes.pass(Rows.of(batch), PassKind.EVALUATION, architecture.layers());
    Matrix normed = network.head().forward(passes.blocks(pass, architecture.layers()), pass);
    network.head().read(normed, pass, reader);
  }

  /**
   * As {@link #forward(Batch, Consumer)}, with the bits of the logits that {@link #accumulate} has:
   * of the precision of products. A loss that compares two models is 0 where they are equal.
   */
  public void forwardAsInTraining(Batch batch, Consumer<LogitChunk> reader) {
    Pass pass = passes.pass(Rows.of(batch), PassKind.EVALUATION, architecture.layers());
    Matrix normed = network.head().forward(passes.blocks(pass, architecture.layers()), pass);
    network.head().readScores(normed, pass, reader);
  }

  /**
   * Runs a forward and a backward pass. ADDS the gradient of the summed loss.
   *
   * @return the summed loss
   * @throws org.lethe.error.LetheException if the loss is not finite or a token is not in the
   *     vocabulary
   */
  public double accumulate(Batch batch, LogitLoss loss, Gradients gradients) {
    return accumulate(
        batch,
        (normed, pass, dNormed) -> network.head().accumulate(normed, pass, loss, dNormed),
        gradients);
  }

  /** Like {@link #accumulate}, for a loss of whole completions. */
  public double accumulateSequences(Batch batch, SequenceLoss loss, Gradients gradients) {
    return accumulate(
        batch,
        (normed, pass, dNormed) -> network.head().accumulate(normed, pass, loss, dNormed),
        gradients);
  }

  /** Loss and gradient of normalised rows, [C, D]. */
  private interface HeadLoss {
    double accumulate(Matrix normed, Pass pass, Matrix dNormed);
  }

  private double accumulate(Batch batch, HeadLoss loss, Gradients gradients) {
    bind(gradients);
    Pass pass = passes.pass(Rows.of(batch), PassKind.TRAINING, architecture.layers());
    HeadLayer head = network.head();
    Matrix normed = head.forward(passes.blocks(pass, architecture.layers()), pass); // [C, D]
    Matrix dNormed = buffers.dHidden(normed.rows());
    double sum = finite(loss.accumulate(normed, pass, dNormed), batch.examples().get(0));
    passes.backward(head.backward(dNormed, pass), architecture.layers(), pass);
    return sum;
  }

  /**
   * Returns a copy of the activations at the place, [C, D]. Runs only the blocks up to there. The
   * caller closes the copy.
   *
   * @throws org.lethe.error.LetheException if the model has no such block
   */
  public Matrix hidden(Batch batch, HiddenPlace place) {
    int count = place.block() + 1;
    if (count > architecture.layers()) {
      throw ModelErrors.noSuchLayer(place.block(), architecture.layers());
    }
    Pass pass = passes.pass(Rows.ofTokens(batch, place.tokens()), PassKind.EVALUATION, count);
    Matrix hidden = passes.hidden(pass, count);
    Matrix copy = backend.matrix(hidden.rows(), hidden.columns());
    compute.copy(hidden, copy);
    return copy;
  }

  /** Returns a view of the activations after every block. */
  public LogitLens lens() {
    return new LogitLens(architecture, passes, network.head(), backend, compute);
  }

  /**
   * Runs a forward and a backward pass for a loss of activations, through the blocks up to the
   * place. ADDS the gradient of the summed loss.
   *
   * @return the summed loss
   * @throws org.lethe.error.LetheException if the loss is not finite, the model has no such block
   *     or nothing up to it is trained
   */
  public double accumulateHidden(
      Batch batch, HiddenPlace place, HiddenLoss loss, Gradients gradients) {
    int count = place.block() + 1;
    DecoderMemory.checkDepth(architecture, adapter, count);
    bind(gradients);
    Pass pass = passes.pass(Rows.ofTokens(batch, place.tokens()), PassKind.TRAINING, count);
    Matrix hidden = passes.hidden(pass, count);
    double sum =
        finite(loss.apply(compute, hidden, pass.rows().sequences()), batch.examples().get(0));
    Matrix dX = buffers.dResidual(pass.count());
    pass.rows().scatter(compute, hidden, dX);
    passes.backward(dX, count, pass);
    return sum;
  }

  private void bind(Gradients gradients) {
    if (shared.isPresent()) {
      throw new IllegalStateException("A decoder that shares another's weights trains nothing");
    }
    network.bind(gradients);
  }

  private static double finite(double loss, Example example) {
    if (!Double.isFinite(loss)) {
      throw ModelErrors.lossNotFinite(example.id(), loss);
    }
    return loss;
  }

  /**
   * Returns the state of each prompt's last token after the final norm, [B, D]. The head reads
   * these states.
   *
   * @param prompts token ids with the begin token, each at least 1
   */
  public float[][] lastStates(List<int[]> prompts) {
    Pass pass = passes.pass(Rows.ofPrompts(prompts), PassKind.EVALUATION, architecture.layers());
    Matrix normed = network.head().forward(passes.blocks(pass, architecture.layers()), pass);
    float[][] states = new float[normed.rows()][normed.columns()];
    for (int row = 0; row < states.length; row++) {
      normed.rows(row, 1).download(states[row]);
    }
    return states;
  }

  /**
   * Allocates a key/value cache to continue sequences token by token.
   *
   * @param sequences how many run side by side
   * @param capacity tokens of the longest, the last new token excluded: it is never read back
   * @throws org.lethe.error.LetheException INPUT if the capacity exceeds the model's positions
   */
  public Continuation continuation(int sequences, int capacity) {
    return new Continuation(this, passes, sequences, capacity);
  }

  /**
   * Promises that the weights stay as they are until the hold is closed, so that copies of them in
   * another order serve all passes, see {@link Compute#holdWeights}.
   */
  public Compute.Hold holdWeights() {
    return compute.holdWeights();
  }

  /** Sets the step for LoRA dropout: a mask is a function of (seed, step, row id, layer). */
  public void beginStep(long seed, long step) {
    passes.beginStep(new Noise(seed, step));
  }

  /**
   * Returns this decoder with its LoRA adapter switched off. Both share weights and buffers: use
   * them in turn, from one thread, and close only this one. The result evaluates and generates; it
   * does not train.
   *
   * @throws IllegalStateException for full training
   */
  public Decoder withoutAdapter() {
    if (!(adapter instanceof Adapter.Lora)) {
      throw new IllegalStateException("A decoder without an adapter has none to switch off");
    }
    return new Decoder(this, AdapterUse.OFF, Optional.empty());
  }

  /**
   * The same network with trained tensors of its own, sharing all else with this one (use them in
   * turn, from one thread). It evaluates up to that depth; it trains nothing.
   *
   * @param blocks number of blocks whose tensors are copied; the head's are copied with the last of
   *     all blocks
   * @param source of the trained tensors, under their names in the layout
   */
  public Decoder withParameters(int blocks, WeightSource source) {
    long length = network.lengthUpTo(blocks);
    FlatVector values = backend.vectors().zeros(Math.max(1, length));
    for (ParameterLayout.Entry entry : layout().entries()) {
      if (entry.offset() + entry.length() <= length) {
        source.read(entry.name(), layout().view(values, entry));
      }
    }
    return new Decoder(this, AdapterUse.ON, Optional.of(values));
  }

  /**
   * Passes all weights to the writer, under their Hugging Face names and with LoRA factors merged.
   * A tied head is not repeated. The values are valid only during the call.
   */
  public void forEachTensor(BiConsumer<String, TensorValues> writer) {
    new DecoderNetwork.DecoderWeights(this, network)
        .forEach(adapterUse == AdapterUse.ON ? network.changes(weights) : Map.of(), writer);
  }

  /** Changes the weights of all linear maps of the blocks in place. LoRA factors stay. */
  public void changeLinearMaps(Consumer<TensorValues> change) {
    new DecoderNetwork.DecoderWeights(this, network).changeLinearMaps(change);
  }

  /** Reads the trainable tensors, under their names in the layout, into the flat vector. */
  public void readTrainable(WeightSource source) {
    for (ParameterLayout.Entry entry : layout().entries()) {
      source.read(entry.name(), layout().view(parameters(), entry));
    }
  }

  /** Frees weights and buffers at once. A decoder that shares memory frees only its own. */
  @Override
  public void close() {
    copy.ifPresent(FlatVector::close);
    if (shared.isEmpty()) {
      buffers.close();
      network.close();
    }
  }
}
