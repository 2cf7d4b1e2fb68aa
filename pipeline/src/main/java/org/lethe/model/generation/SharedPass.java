package org.lethe.model.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.lethe.model.Continuation;
import org.lethe.model.Decoder;
import org.lethe.model.LogitChunk;
import org.lethe.model.layer.Reading;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * Forward passes over examples whose common beginning is read once. The result differs from that of
 * whole passes in the last digits.
 */
public final class SharedPass implements AutoCloseable {
  /** Tokens in the cache, unless one example has more. */
  private static final int MOST_TOKENS = 2048;

  private static final int[] NONE = new int[0];

  private final Continuation continuation;
  private final int shared;
  private final int atOnce;

  /**
   * Reads the beginning.
   *
   * @param examples all examples of later passes, at least one
   * @param shared number of their first tokens, at least 1 and below the tokens of each prompt
   */
  public SharedPass(Decoder decoder, List<Example> examples, int shared) {
    this.shared = shared;
    int capacity = examples.stream().mapToInt(e -> e.tokens().length - 1).max().orElseThrow();
    atOnce = Math.max(1, Math.min(examples.size(), MOST_TOKENS / capacity));
    continuation = decoder.continuation(atOnce, capacity);
    int[] beginning = Arrays.copyOf(examples.get(0).tokens(), shared + 1);
    continuation.read(List.of(new Reading(0, 0, beginning, NONE)), chunk -> {});
    for (int sequence = 1; sequence < atOnce; sequence++) {
      continuation.copy(continuation, 0, shared, sequence);
    }
  }

  /** Most examples of one pass. */
  public int atOnce() {
    return atOnce;
  }

  /**
   * Passes the raw logits of all completion positions to the reader, in batch order.
   *
   * @param batch examples with the beginning, at most {@link #atOnce}
   */
  public void forward(Batch batch, Consumer<LogitChunk> reader) {
    List<Reading> readings = new ArrayList<>();
    for (int b = 0; b < batch.size(); b++) {
      Example example = batch.examples().get(b);
      int[] tokens = example.tokens();
      int[] covered =
          IntStream.range(example.promptTokens() - shared, tokens.length - shared).toArray();
      readings.add(
          new Reading(b, shared, Arrays.copyOfRange(tokens, shared, tokens.length), covered));
    }
    continuation.read(readings, reader);
  }

  /** Frees the cache. */
  @Override
  public void close() {
    continuation.close();
  }
}
