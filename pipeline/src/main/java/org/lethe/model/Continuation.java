package org.lethe.model;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.lethe.compute.Compute;
import org.lethe.error.ModelErrors;
import org.lethe.model.layer.KeyValueCache;
import org.lethe.model.layer.Reading;

/** Sequences that a decoder continues together, token by token, with a key/value cache. */
public final class Continuation implements AutoCloseable {
  private final DecoderPasses passes;
  private final KeyValueCache cache;
  private final Compute compute;
  private Optional<Compute.Hold> held = Optional.empty();
  private int steps;

  Continuation(Decoder decoder, DecoderPasses passes, int sequences, int capacity) {
    int longest = decoder.architecture().maxPositions();
    if (capacity > longest) {
      throw ModelErrors.sequenceTooLong(capacity, longest);
    }
    this.passes = passes;
    compute = decoder.compute();
    cache = new KeyValueCache(decoder.architecture(), decoder.backend(), sequences, capacity);
  }

  /**
   * Reads prompts and chooses the next token of each. Reads equal prompts once.
   *
   * @param prompts token ids, each at least 1, in the order of the sequences
   */
  public int[] read(List<int[]> prompts, TokenChoice choice) {
    Map<IntBuffer, Integer> firsts = new LinkedHashMap<>();
    int[] first = new int[prompts.size()];
    for (int i = 0; i < first.length; i++) {
      int sequence = i;
      first[i] = firsts.computeIfAbsent(IntBuffer.wrap(prompts.get(i)), prompt -> sequence);
    }
    int[] sequences = firsts.values().stream().mapToInt(i -> i).toArray();
    List<int[]> distinct = Arrays.stream(sequences).mapToObj(prompts::get).toList();
    int[] index = Arrays.stream(first).map(i -> Arrays.binarySearch(sequences, i)).toArray();
    int[] tokens = passes.prefill(Rows.ofPrompts(distinct, index), cache, sequences, choice);
    for (int i = 0; i < first.length; i++) {
      if (first[i] != i) {
        passes.copy(cache, first[i], prompts.get(i).length, cache, i);
      }
    }
    return tokens;
  }

  /**
   * Reads one more token of some sequences and chooses the next token of each.
   *
   * @param tokens the tokens, one for each sequence
   * @param positions position of each token in its sequence
   * @param sequences index of each sequence
   */
  public int[] next(int[] tokens, int[] positions, int[] sequences, TokenChoice choice) {
    // Copies of the weights pay off if there are several steps.
    if (steps == 1) {
      held = Optional.of(compute.holdWeights());
    }
    steps++;
    return passes.step(Rows.ofSteps(tokens, positions), cache, sequences, choice);
  }

  /**
   * Reads further tokens, except the last one of each reading, into the cache and computes losses.
   *
   * @param readings at most one for each sequence
   * @return negative log-likelihoods of the covered tokens in nats, for each reading
   * @throws org.lethe.error.LetheException if a token is not in the vocabulary or the sequence is
   *     too long for the model
   */
  public TokenLosses read(List<Reading> readings) {
    double[][] losses = new double[readings.size()][];
    for (int b = 0; b < losses.length; b++) {
      losses[b] = new double[readings.get(b).covered().length];
    }
    int[] next = new int[losses.length];
    read(
        readings,
        chunk -> {
          double[] values = chunk.tokenLosses();
          int[] sequences = chunk.sequences();
          for (int row = 0; row < values.length; row++) {
            int b = sequences[row];
            losses[b][next[b]++] = values[row];
          }
        });
    return new TokenLosses(losses);
  }

  /** As {@link #read(List)}, but passes the raw logits of the covered tokens to the reader. */
  public void read(List<Reading> readings, Consumer<LogitChunk> reader) {
    Rows rows = Rows.ofReadings(readings);
    int[] slots = new int[rows.count()];
    for (int b = 0; b < readings.size(); b++) {
      Arrays.fill(slots, rows.starts()[b], rows.starts()[b + 1], readings.get(b).sequence());
    }
    if (rows.count() > 0) {
      passes.extend(rows, cache, slots, reader);
    }
  }

  /**
   * Copies the beginning of another continuation's sequence to one of this, instead of reading it.
   *
   * @param source continuation of the same decoder
   * @param from sequence of the source
   * @param tokens number of tokens
   * @param to sequence of this continuation
   */
  public void copy(Continuation source, int from, int tokens, int to) {
    passes.copy(source.cache, from, tokens, cache, to);
  }

  /** Frees the cache. */
  @Override
  public void close() {
    held.ifPresent(Compute.Hold::close);
    cache.close();
  }
}
