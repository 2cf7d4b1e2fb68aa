package org.lethe.model;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A decoder-only language model. It belongs to one thread at a time. */
public final class Decoder implements AutoCloseable {
  private Decoder() {}

  /**
   * Builds a decoder and reads its weights.
   *
   * @param type FLOAT or DOUBLE
   */
  public static Decoder load(
      DecoderConfig config, Adapter adapter, DataType type, WeightSource weights) {
    throw new UnsupportedOperationException();
  }

  public DecoderConfig config() {
    throw new UnsupportedOperationException();
  }

  public Adapter adapter() {
    throw new UnsupportedOperationException();
  }

  public DataType dataType() {
    throw new UnsupportedOperationException();
  }

  /** Where each trainable tensor lies in the flat vector. */
  public ParameterLayout layout() {
    throw new UnsupportedOperationException();
  }

  /** The trainable parameters, [P]; writing to it changes the decoder. */
  public INDArray parameters() {
    throw new UnsupportedOperationException();
  }

  /** A zeroed gradient vector of its own. */
  public Gradients newGradients() {
    throw new UnsupportedOperationException();
  }

  /** Losses of the completion tokens, without gradient. */
  public TokenLosses forward(Batch batch) {
    throw new UnsupportedOperationException();
  }

  /** Hands the raw logits of all completion positions to the reader, chunk by chunk. */
  public void forward(Batch batch, Consumer<LogitChunk> reader) {
    throw new UnsupportedOperationException();
  }

  /** Forward and backward; ADDS the gradient of the summed loss. Returns the summed loss. */
  public double accumulate(Batch batch, LogitLoss loss, Gradients gradients) {
    throw new UnsupportedOperationException();
  }

  /** Names the step for LoRA dropout: the mask is a function of (seed, step, row id, layer). */
  public void beginStep(long seed, long step) {
    throw new UnsupportedOperationException();
  }

  /**
   * The same network with its LoRA adapter switched off, sharing weights and buffers with this one
   * (use them in turn, from one thread). It trains nothing: its layout is empty.
   *
   * @throws IllegalStateException for full training
   */
  public Decoder withoutAdapter() {
    throw new UnsupportedOperationException();
  }

  /**
   * All weights under their Hugging Face names with LoRA factors merged in; a tied head is not
   * repeated. The arrays are views or temporaries, valid during the call.
   */
  public void forEachTensor(BiConsumer<String, INDArray> writer) {
    throw new UnsupportedOperationException();
  }

  /** Reads trainable tensors (Hugging Face or PEFT names, as in the layout) into the vector. */
  public void readTrainable(WeightSource source) {
    throw new UnsupportedOperationException();
  }

  /** Frees weights and buffers now. */
  @Override
  public void close() {}
}
