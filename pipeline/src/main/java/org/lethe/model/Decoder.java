package org.lethe.model;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.lethe.error.ModelErrors;
import org.lethe.model.Buffers.PassKind;
import org.lethe.model.Compute.Form;
import org.lethe.model.Pass.AdapterUse;
import org.lethe.model.TensorCut.Tensor;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A decoder-only language model of the Llama architecture. Its parameters and layers are those of a
 * Deeplearning4j network. It belongs to one thread at a time.
 */
public final class Decoder implements AutoCloseable {
  private final DecoderConfig config;
  private final Adapter adapter;
  private final DataType type;
  private final DecoderNetwork network;
  private final Rotary rotary;
  private final Compute compute;
  private final Buffers buffers;
  private final AdapterUse adapterUse;
  private Noise noise = new Noise(0, 0);

  private Decoder(DecoderConfig config, Adapter adapter, DataType type, int threads) {
    this.config = config;
    this.adapter = adapter;
    this.type = type;
    rotary = new Rotary(config);
    network = new DecoderNetwork(config, adapter, type, rotary);
    compute = compute(type, threads);
    buffers = new Buffers(config, adapter, type);
    adapterUse = AdapterUse.ON;
  }

  /** Shares everything with the other decoder but the use of its adapter. */
  private Decoder(Decoder shared, AdapterUse adapterUse) {
    config = shared.config;
    adapter = shared.adapter;
    type = shared.type;
    rotary = shared.rotary;
    network = shared.network;
    compute = shared.compute;
    buffers = shared.buffers;
    this.adapterUse = adapterUse;
  }

  private static Compute compute(DataType type, int threads) {
    boolean cpu = Nd4j.getBackend().getClass().getSimpleName().startsWith("Cpu");
    return cpu && type == DataType.FLOAT ? new FloatCompute(threads) : new ArrayCompute();
  }

  /**
   * Builds a decoder and reads its weights. LoRA factors start as PEFT's do: A uniform, B zero.
   *
   * @param type FLOAT or DOUBLE
   * @throws org.lethe.error.LetheException if the source lacks a tensor
   */
  public static Decoder load(
      DecoderConfig config, Adapter adapter, DataType type, WeightSource weights) {
    // ND4J's count follows OMP_NUM_THREADS.
    return load(config, adapter, type, weights, Nd4j.getEnvironment().maxThreads());
  }

  static Decoder load(
      DecoderConfig config, Adapter adapter, DataType type, WeightSource weights, int threads) {
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException("Invalid type: " + type + ", expected FLOAT or DOUBLE");
    }
    check(config);
    Decoder decoder = new Decoder(config, adapter, type, threads);
    for (DecoderLayer<?> layer : decoder.network.layers()) {
      TensorCut cut = layer.baseCut();
      cut.tensors().forEach(tensor -> weights.read(tensor.name(), cut.array(tensor)));
    }
    if (adapter instanceof Adapter.Lora lora) {
      LowRank.initialize(decoder.layout(), decoder.parameters(), lora.seed());
    }
    return decoder;
  }

  private static void check(DecoderConfig config) {
    if (config.heads() % config.keyValueHeads() != 0) {
      throw ModelErrors.badConfiguration(
          "num_key_value_heads",
          config.keyValueHeads(),
          "a divisor of num_attention_heads " + config.heads());
    }
    if (config.headSize() % 2 != 0) {
      throw ModelErrors.badConfiguration("head_dim", config.headSize(), "an even number");
    }
  }

  public DecoderConfig config() {
    return config;
  }

  public Adapter adapter() {
    return adapter;
  }

  public DataType dataType() {
    return type;
  }

  /** Where each trainable tensor lies in the flat vector. */
  public ParameterLayout layout() {
    return network.layout();
  }

  /** The trainable parameters, [P]; writing to it changes the decoder. */
  public INDArray parameters() {
    return network.parameters();
  }

  /** A zeroed gradient vector of its own. */
  public Gradients newGradients() {
    return network.newGradients();
  }

  /**
   * Losses of the completion tokens, without gradient.
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
            losses[b][next[b]++] = checked(values[row], batch, b);
          }
        });
    return new TokenLosses(losses);
  }

  private static double checked(double loss, Batch batch, int b) {
    if (!Double.isFinite(loss)) {
      throw ModelErrors.lossNotFinite(batch.examples().get(b).id(), loss);
    }
    return loss;
  }

  /** Hands the raw logits of all completion positions to the reader, chunk by chunk. */
  public void forward(Batch batch, Consumer<LogitChunk> reader) {
    Pass pass = pass(Rows.of(batch), PassKind.EVALUATION);
    Matrix normed = network.head().forward(blocks(pass), pass);
    network.head().read(normed, pass, reader);
  }

  /**
   * Forward and backward pass; ADDS the gradient of the summed loss.
   *
   * @return the summed loss
   * @throws org.lethe.error.LetheException if the loss is not finite or a token is not in the
   *     vocabulary
   */
  public double accumulate(Batch batch, LogitLoss loss, Gradients gradients) {
    if (adapterUse == AdapterUse.OFF) {
      throw new IllegalStateException("A decoder without its adapter has nothing to train");
    }
    network.bind(gradients);
    Pass pass = pass(Rows.of(batch), PassKind.TRAINING);
    HeadLayer head = network.head();
    Matrix normed = head.forward(blocks(pass), pass); // [C, D]
    Matrix dNormed = buffers.dHidden(normed.rows());
    double sum = head.accumulate(normed, pass, loss, dNormed);
    if (!Double.isFinite(sum)) {
      throw ModelErrors.lossNotFinite(batch.examples().get(0).id(), sum);
    }
    Matrix dX = head.backward(dNormed, pass); // [N, D]
    List<BlockLayer> blocks = network.blocks();
    for (int i = blocks.size() - 1; i >= 0; i--) {
      dX = blocks.get(i).backward(dX, pass);
    }
    network.embedding().backward(dX, pass);
    return sum;
  }

  private Pass pass(Rows rows, PassKind kind) {
    if (rows.smallestToken() < 0 || rows.largestToken() >= config.vocabularySize()) {
      throw ModelErrors.tokenOutsideVocabulary(
          rows.smallestToken() < 0 ? rows.smallestToken() : rows.largestToken(),
          config.vocabularySize());
    }
    int positions = 1 + java.util.Arrays.stream(rows.positions()).max().orElse(0);
    if (positions > config.maxPositions()) {
      throw ModelErrors.sequenceTooLong(positions, config.maxPositions());
    }
    rotary.cover(positions);
    buffers.reserve(rows.count(), kind);
    Optional<Noise> masks = kind == PassKind.TRAINING ? Optional.of(noise) : Optional.empty();
    return new Pass(compute, buffers, rows, kind, adapterUse, masks);
  }

  /** Embedding and all blocks, [N, D]. */
  private Matrix blocks(Pass pass) {
    Matrix x = embedded(pass);
    for (BlockLayer block : network.blocks()) {
      x = block.forward(x, pass);
    }
    return x;
  }

  private Matrix embedded(Pass pass) {
    return network.embedding().forward(buffers.slot(0, pass.kind()).input.top(pass.count()), pass);
  }

  /**
   * Last-layer states of the prompts' last tokens after the final norm, which the head reads, [B,
   * D].
   *
   * @param prompts token ids with the begin token, each at least 1
   */
  public float[][] lastStates(List<int[]> prompts) {
    Pass pass = pass(Rows.ofPrompts(prompts), PassKind.EVALUATION);
    return network.head().forward(blocks(pass), pass).array().toFloatMatrix();
  }

  /** Fills the cache with prompts and chooses the next token of each. */
  int[] prefill(Rows prompts, KeyValueCache cache, int[] slots, TokenChoice choice) {
    Pass pass = pass(prompts, PassKind.EVALUATION);
    Matrix x = embedded(pass);
    for (BlockLayer block : network.blocks()) {
      x = block.prefill(x, pass, cache, slots);
    }
    return nextTokens(x, pass, choice);
  }

  /** One more token for each sequence, as {@link #prefill}. */
  int[] step(Rows tokens, KeyValueCache cache, int[] slots, TokenChoice choice) {
    Pass pass = pass(tokens, PassKind.EVALUATION);
    Matrix x = embedded(pass);
    for (BlockLayer block : network.blocks()) {
      x = block.step(x, pass, cache, slots);
    }
    return nextTokens(x, pass, choice);
  }

  private int[] nextTokens(Matrix x, Pass pass, TokenChoice choice) {
    Matrix normed = network.head().forward(x, pass);
    int[] tokens = new int[normed.rows()];
    for (int first = 0; first < tokens.length; first += buffers.chunkRows()) {
      int count = Math.min(buffers.chunkRows(), tokens.length - first);
      Matrix logits = network.head().logits(normed.rows(first, count), pass);
      System.arraycopy(choice.choose(compute, logits, first), 0, tokens, first, count);
    }
    return tokens;
  }

  /** Names the step for LoRA dropout: the mask is a function of (seed, step, row id, layer). */
  public void beginStep(long seed, long step) {
    noise = new Noise(seed, step);
  }

  /**
   * The same network with its LoRA adapter switched off, sharing weights and buffers with this one
   * (use them in turn, from one thread; close only this one). It evaluates and generates; it trains
   * nothing.
   *
   * @throws IllegalStateException for full training
   */
  public Decoder withoutAdapter() {
    if (adapter instanceof Adapter.Full) {
      throw new IllegalStateException("A fully trained decoder has no adapter to switch off");
    }
    return new Decoder(this, AdapterUse.OFF);
  }

  /**
   * All weights under their Hugging Face names with LoRA factors merged in; a tied head is not
   * repeated. The arrays are views or temporaries, valid during the call.
   */
  public void forEachTensor(BiConsumer<String, INDArray> writer) {
    for (DecoderLayer<?> layer : network.layers()) {
      TensorCut cut = layer.baseCut();
      for (Tensor tensor : cut.tensors()) {
        Optional<LowRank.Factors> factors = layer.factorsOf(tensor.name());
        if (factors.isEmpty() || adapterUse == AdapterUse.OFF) {
          writer.accept(tensor.name(), cut.array(tensor));
        } else {
          merged(cut.matrix(tensor.name()), factors.get(), tensor.name(), writer);
        }
      }
    }
  }

  /** W + scale B A. */
  private void merged(
      Matrix weight, LowRank.Factors factors, String name, BiConsumer<String, INDArray> writer) {
    Matrix sum = Matrix.allocate(type, weight.rows(), weight.columns());
    sum.array().assign(weight.array());
    double scale = ((Adapter.Lora) adapter).scale();
    compute.multiply(Form.AS_IS, factors.b(), Form.AS_IS, factors.a(), scale, 1, sum);
    writer.accept(name, sum.array());
    sum.close();
  }

  /** Reads the trainable tensors, under their names in the layout, into the flat vector. */
  public void readTrainable(WeightSource source) {
    for (ParameterLayout.Entry entry : layout().entries()) {
      source.read(entry.name(), layout().view(parameters(), entry));
    }
  }

  /**
   * Bytes of activations and of one chunk of logits that a training step takes, beside parameters
   * and gradients; for a check before work starts.
   *
   * @param rows sequences times length
   */
  public static long trainingBytes(DecoderConfig config, Adapter adapter, DataType type, int rows) {
    return Buffers.bytes(config, adapter, type, rows, PassKind.TRAINING);
  }

  /** The same for evaluation. */
  public static long evaluationBytes(
      DecoderConfig config, Adapter adapter, DataType type, int rows) {
    return Buffers.bytes(config, adapter, type, rows, PassKind.EVALUATION);
  }

  /** Bytes of frozen and trained weights. */
  public long weightBytes() {
    long elements = 0;
    for (DecoderLayer<?> layer : network.layers()) {
      for (Tensor tensor : layer.baseCut().tensors()) {
        elements += tensor.length();
      }
    }
    if (adapter instanceof Adapter.Lora) {
      elements += layout().size();
    }
    return elements * type.width();
  }

  /** Frees weights and buffers now. */
  @Override
  public void close() {
    buffers.close();
    network.close();
  }
}
