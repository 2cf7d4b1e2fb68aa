package org.lethe.model.generation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.lethe.model.Continuation;
import org.lethe.model.Decoder;
import org.lethe.model.TokenChoice;

/** Greedy or sampled generation in batches with a key/value cache. */
public final class Generator {
  /**
   * @param maxNewTokens most new tokens for one prompt
   * @param batchSize number of prompts in a batch
   * @param endTokens tokens that end the generation of a prompt; not part of the result
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
   * @param progress receives the number of finished prompts after each batch
   * @return the new tokens of each prompt, in the given order, without the end token
   * @throws org.lethe.error.LetheException if prompt and new tokens exceed the model's positions
   */
  public List<int[]> generate(List<int[]> prompts, IntConsumer progress) {
    return inBatches(
        prompts,
        progress,
        batch -> generateBatch(select(prompts, batch), (slots, token) -> TokenChoice.GREEDY));
  }

  /**
   * Continues each prompt with tokens drawn at random. A text depends only on the seed and its
   * prompt's id. Other prompts in the batch can change it only through the last bits of its logits.
   *
   * @param progress receives the number of finished prompts after each batch
   * @return the answer to each prompt, in the given order: its opener and the new tokens, without
   *     the end token
   * @throws org.lethe.error.LetheException INPUT if prompt and new tokens exceed the model's
   *     positions, DIVERGED if a logit is not finite
   */
  public List<int[]> sample(List<SampledPrompt> prompts, long seed, IntConsumer progress) {
    List<int[]> read = prompts.stream().map(SampledPrompt::read).toList();
    List<int[]> made =
        inBatches(
            read,
            progress,
            batch -> {
              Sampler sampler = new Sampler(select(prompts, batch), seed);
              return generateBatch(select(read, batch), sampler::at);
            });
    return IntStream.range(0, made.size())
        .mapToObj(i -> prompts.get(i).answer(made.get(i)))
        .toList();
  }

  /** Choice of a step's tokens, by the prompt of each row and the index of the new token. */
  private interface StepChoice {
    TokenChoice at(int[] slots, int token);
  }

  private List<int[]> inBatches(
      List<int[]> prompts, IntConsumer progress, Function<List<Integer>, List<int[]>> generate) {
    // Prompts of similar length share a batch, so that none waits for a much longer one.
    List<Integer> order =
        IntStream.range(0, prompts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
            .toList();
    List<int[]> results = new ArrayList<>(prompts);
    for (int first = 0; first < order.size(); first += settings.batchSize()) {
      List<Integer> batch =
          order.subList(first, Math.min(order.size(), first + settings.batchSize()));
      List<int[]> made = generate.apply(batch);
      for (int i = 0; i < batch.size(); i++) {
        results.set(batch.get(i), made.get(i));
      }
      progress.accept(first + batch.size());
    }
    return results;
  }

  private List<int[]> generateBatch(List<int[]> prompts, StepChoice choice) {
    int longest = prompts.stream().mapToInt(p -> p.length).max().orElseThrow();
    int capacity = longest + settings.maxNewTokens() - 1;
    try (Continuation continuation = decoder.continuation(prompts.size(), capacity)) {
      return generateBatch(prompts, continuation, choice);
    }
  }

  private List<int[]> generateBatch(
      List<int[]> prompts, Continuation continuation, StepChoice choice) {
    List<IntStream.Builder> made = new ArrayList<>();
    prompts.forEach(p -> made.add(IntStream.builder()));
    int[] slots = IntStream.range(0, prompts.size()).toArray();
    int[] positions = prompts.stream().mapToInt(p -> p.length).toArray();
    int[] tokens = continuation.read(prompts, choice.at(slots, 0));
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
      int[] last = select(tokens, running);
      tokens = continuation.next(last, current, slots, choice.at(slots, count));
      for (int i = 0; i < current.length; i++) {
        current[i]++;
      }
      positions = current;
    }
  }

  /** Indices of sequences that have not ended. */
  private int[] running(int[] slots, int[] tokens) {
    return IntStream.range(0, slots.length)
        .filter(i -> !settings.endTokens().contains(tokens[i]))
        .toArray();
  }

  private static int[] select(int[] values, int[] indices) {
    return IntStream.of(indices).map(i -> values[i]).toArray();
  }

  private static <T> List<T> select(List<T> values, List<Integer> indices) {
    return indices.stream().map(values::get).toList();
  }
}
