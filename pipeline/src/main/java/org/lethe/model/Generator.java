package org.lethe.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.lethe.error.ModelErrors;

/** Greedy generation in batches with a key/value cache. */
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
      List<int[]> made = generateBatch(batch.stream().map(prompts::get).toList());
      for (int i = 0; i < batch.size(); i++) {
        results.set(batch.get(i), made.get(i));
      }
      progress.accept(first + batch.size());
    }
    return results;
  }

  private List<int[]> generateBatch(List<int[]> prompts) {
    int longest = prompts.stream().mapToInt(p -> p.length).max().orElseThrow();
    // The last new token is never read back.
    int capacity = longest + settings.maxNewTokens() - 1;
    if (capacity > decoder.config().maxPositions()) {
      throw ModelErrors.sequenceTooLong(capacity, decoder.config().maxPositions());
    }
    KeyValueCache cache =
        new KeyValueCache(decoder.config(), decoder.dataType(), prompts.size(), capacity);
    try {
      return generateBatch(prompts, cache);
    } finally {
      cache.close();
    }
  }

  private List<int[]> generateBatch(List<int[]> prompts, KeyValueCache cache) {
    List<IntStream.Builder> made = new ArrayList<>();
    prompts.forEach(p -> made.add(IntStream.builder()));
    int[] slots = IntStream.range(0, prompts.size()).toArray();
    int[] positions = prompts.stream().mapToInt(p -> p.length).toArray();
    int[] tokens = decoder.prefill(Rows.ofPrompts(prompts), cache, slots);
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
      tokens = decoder.step(Rows.ofSteps(select(tokens, running), current), cache, slots);
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
