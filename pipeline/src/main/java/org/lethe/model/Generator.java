package org.lethe.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.lethe.error.ModelErrors;

/** Generation in batches with a key/value cache, greedy or sampled. */
public final class Generator {
  /**
   * @param maxNewTokens most tokens to make for one prompt
   * @param batchSize prompts that run side by side
   * @param endTokens generation of a prompt stops at any of these; it is not part of the result
   */
  public record Settings(int maxNewTokens, int batchSize, Set<Integer> endTokens) {
    public Settings {
      if (maxNewTokens < 1) {
        throw new IllegalArgumentException("Invalid new tokens: " + maxNewTokens);
      }
      if (batchSize < 1) {
        throw new IllegalArgumentException("Invalid batch size: " + batchSize);
      }
      endTokens = Set.copyOf(endTokens);
    }
  }

  private final Decoder decoder;
  private final Settings settings;

  public Generator(Decoder decoder, Settings settings) {
    this.decoder = decoder;
    this.settings = settings;
  }

  /**
   * Continues each prompt with the most probable tokens.
   *
   * @param prompts token ids with the begin token, of any lengths, each at least 1
   * @param progress told the number of prompts finished so far, after each batch
   * @return the new tokens of each prompt, in the given order, end token left out
   * @throws org.lethe.error.LetheException if prompt and new tokens exceed the model's positions
   */
  public List<int[]> generate(List<int[]> prompts, IntConsumer progress) {
    return generate(prompts, (rows, position) -> TokenPicker.greedy(), progress);
  }

  /**
   * Continues each prompt with tokens drawn from softmax(logits / temperature). What comes of a
   * prompt depends on it and its seed, not on its neighbours (but for the last bits of its logits).
   *
   * @param seeds one for each prompt
   * @param temperature above 0
   */
  public List<int[]> sample(
      List<int[]> prompts, long[] seeds, double temperature, IntConsumer progress) {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException(
          "Invalid temperature: " + temperature + ", expected above 0");
    }
    return generate(
        prompts,
        (rows, position) ->
            TokenPicker.sampled(
                temperature,
                IntStream.of(rows).mapToLong(i -> mixed(seeds[i], position)).toArray()),
        progress);
  }

  private static long mixed(long seed, int position) {
    return new SplittableRandom(seed + 0x9E3779B97F4A7C15L * position).nextLong();
  }

  /** How the tokens at a position are chosen. */
  private interface Choice {
    /**
     * The choice of one step.
     *
     * @param prompts the prompts that its rows continue
     * @param count new tokens so far
     */
    TokenPicker at(int[] prompts, int count);
  }

  private List<int[]> generate(List<int[]> prompts, Choice choice, IntConsumer progress) {
    // Prompts of like length run together, so that none waits for a much longer neighbour.
    List<Integer> order =
        IntStream.range(0, prompts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
            .toList();
    List<int[]> results = new ArrayList<>(prompts);
    for (int first = 0; first < order.size(); first += settings.batchSize()) {
      List<Integer> batch =
          order.subList(first, Math.min(order.size(), first + settings.batchSize()));
      int[] numbers = batch.stream().mapToInt(Integer::intValue).toArray();
      List<int[]> made =
          generateBatch(
              batch.stream().map(prompts::get).toList(),
              (slots, count) -> choice.at(select(numbers, slots), count));
      for (int i = 0; i < batch.size(); i++) {
        results.set(batch.get(i), made.get(i));
      }
      progress.accept(first + batch.size());
    }
    return results;
  }

  private List<int[]> generateBatch(List<int[]> prompts, Choice choice) {
    int longest = prompts.stream().mapToInt(p -> p.length).max().orElseThrow();
    // The last new token is never read back.
    int capacity = longest + settings.maxNewTokens() - 1;
    if (capacity > decoder.config().maxPositions()) {
      throw ModelErrors.sequenceTooLong(capacity, decoder.config().maxPositions());
    }
    KeyValueCache cache =
        new KeyValueCache(decoder.config(), decoder.dataType(), prompts.size(), capacity);
    try {
      return generateBatch(prompts, cache, choice);
    } finally {
      cache.close();
    }
  }

  private List<int[]> generateBatch(List<int[]> prompts, KeyValueCache cache, Choice choice) {
    List<IntStream.Builder> made = new ArrayList<>();
    prompts.forEach(p -> made.add(IntStream.builder()));
    int[] slots = IntStream.range(0, prompts.size()).toArray();
    int[] positions = prompts.stream().mapToInt(p -> p.length).toArray();
    int[] tokens = decoder.prefill(Rows.ofPrompts(prompts), cache, slots, choice.at(slots, 0));
    for (int count = 1; ; count++) {
      int[] running = running(slots, tokens);
      for (int i : running) {
        made.get(slots[i]).add(tokens[i]);
      }
      if (running.length == 0 || count == settings.maxNewTokens()) {
        return made.stream().map(b -> b.build().toArray()).toList();
      }
      slots = select(slots, running);
      int[] current = select(positions, running);
      tokens =
          decoder.step(
              Rows.ofSteps(select(tokens, running), current),
              cache,
              slots,
              choice.at(slots, count));
      for (int i = 0; i < current.length; i++) {
        current[i]++;
      }
      positions = current;
    }
  }

  /** Indices of sequences that have not come to an end. */
  private int[] running(int[] slots, int[] tokens) {
    return IntStream.range(0, slots.length)
        .filter(i -> !settings.endTokens().contains(tokens[i]))
        .toArray();
  }

  private static int[] select(int[] values, int[] indices) {
    return IntStream.of(indices).map(i -> values[i]).toArray();
  }
}
