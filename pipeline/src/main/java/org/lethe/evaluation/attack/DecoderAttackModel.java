package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.lethe.compute.Compute.Comparison;
import org.lethe.compute.Matrix;
import org.lethe.evaluation.SharedScoring;
import org.lethe.evaluation.TokenScores;
import org.lethe.evaluation.TokenScoring;
import org.lethe.model.Decoder;
import org.lethe.model.LogitChunk;
import org.lethe.model.generation.Generator;
import org.lethe.model.generation.SampledPrompt;
import org.lethe.model.generation.Sampling;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;

/** Adapts a {@link Decoder} to attacks. Like a decoder, it serves one thread at a time. */
public final class DecoderAttackModel implements AttackModel, AutoCloseable {
  /** Tokens in one pass, unless one example has more. */
  public static final int PASS_TOKENS = 2048;

  /** Bytes of kept logits in one pass, unless one example has more. */
  private static final long KEPT_BYTES = 256L << 20;

  private static final int SAMPLES_AT_ONCE = 32;
  private static final int MARGIN = 16;
  private static final int MOST_NEW_TOKENS = 128;

  private final Decoder decoder;
  private final Supplier<Decoder> copies;
  private final Optional<Supplier<Decoder>> initial;
  private final Texts texts;
  private final DecoderOnRequest onRequest;
  private Optional<Rounded> rounded = Optional.empty();

  /**
   * How texts become tokens and back.
   *
   * @param encoder encoder of prompts
   * @param endTokens tokens at which generation stops
   * @param decode turns token ids into text, without special tokens
   */
  public record Texts(
      ExampleEncoder encoder, Set<Integer> endTokens, Function<int[], String> decode) {
    public Texts {
      endTokens = Set.copyOf(endTokens);
    }
  }

  private record Rounded(WeightRounding rounding, Decoder decoder) {}

  /**
   * Wraps a decoder. The caller still has to close it.
   *
   * @param copies loads the same model once more, for other weights
   * @param initial the initial model, or empty if the decoder is it; the supplier keeps it
   * @param onRequest what only attacks on request need; closed with this
   */
  public DecoderAttackModel(
      Decoder decoder,
      Supplier<Decoder> copies,
      Optional<Supplier<Decoder>> initial,
      Texts texts,
      DecoderOnRequest onRequest) {
    this.decoder = decoder;
    this.copies = copies;
    this.initial = initial;
    this.texts = texts;
    this.onRequest = onRequest;
  }

  @Override
  public ExampleEncoder encoder() {
    return texts.encoder();
  }

  @Override
  public int positions() {
    return decoder.architecture().maxPositions();
  }

  @Override
  public List<TokenScores> score(List<Example> examples) {
    return score(decoder, examples);
  }

  /** Returns the scores of any decoder, [B]. */
  static List<TokenScores> score(Decoder model, List<Example> examples) {
    List<TokenScores> scores = new ArrayList<>();
    for (Batch batch : passes(examples)) {
      scores.addAll(SharedScoring.score(batch, model));
    }
    return scores;
  }

  /** Consecutive examples, as many as fit into one pass. */
  static List<Batch> passes(List<Example> examples) {
    return passes(examples, PASS_TOKENS);
  }

  /** Consecutive examples, as many as have this number of tokens. */
  private static List<Batch> passes(List<Example> examples, long mostTokens) {
    List<Batch> batches = new ArrayList<>();
    List<Example> part = new ArrayList<>();
    long tokens = 0;
    for (Example example : examples) {
      if (!part.isEmpty() && tokens + example.tokens().length > mostTokens) {
        batches.add(Batch.of(part));
        part = new ArrayList<>();
        tokens = 0;
      }
      part.add(example);
      tokens += example.tokens().length;
    }
    if (!part.isEmpty()) {
      batches.add(Batch.of(part));
    }
    return batches;
  }

  @Override
  public List<TokenScores> scoreRounded(WeightRounding rounding, List<Example> examples) {
    if (rounded.isEmpty() || !rounded.get().rounding().equals(rounding)) {
      closeRounded();
      Decoder copy = copies.get();
      rounded = Optional.of(new Rounded(rounding, copy));
      copy.changeLinearMaps(rounding::apply);
    }
    return score(rounded.get().decoder(), examples);
  }

  @Override
  public List<List<TokenScores>> scoreByBlock(List<Example> examples) {
    Decoder reader = initial.map(Supplier::get).orElse(decoder);
    int blocks = decoder.architecture().layers();
    List<List<TokenScores>> scores = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      scores.add(new ArrayList<>());
    }
    for (Batch batch : passes(examples)) {
      List<Matrix> activations = new ArrayList<>();
      for (int block = 0; block < blocks; block++) {
        int current = block;
        scores
            .get(block)
            .addAll(
                TokenScoring.score(
                    batch,
                    (read, chunks) -> {
                      if (activations.isEmpty()) {
                        activations.addAll(decoder.lens().activations(read));
                      }
                      reader.lens().read(read, activations.get(current), chunks);
                    }));
      }
      activations.forEach(Matrix::close);
    }
    return scores;
  }

  @Override
  public List<List<String>> sample(
      List<Example> examples, int answers, double temperature, long seed) {
    List<Integer> together = new ArrayList<>();
    int most = 1;
    for (int i = 0; i < examples.size(); i++) {
      if (newTokens(examples.get(i)) == wanted(examples.get(i))) {
        together.add(i);
        most = Math.max(most, wanted(examples.get(i)));
      }
    }
    SortedMap<Integer, List<String>> sampled = new TreeMap<>();
    for (int i = 0; i < examples.size(); i++) {
      boolean fits = examples.get(i).promptTokens() + most - 1 <= positions();
      if (!together.contains(i) || !fits) {
        together.remove((Integer) i);
        sampled.putAll(sample(examples, List.of(i), answers, temperature, seed));
      }
    }
    sampled.putAll(sample(examples, together, answers, temperature, seed));
    return List.copyOf(sampled.values());
  }

  /** Number of new tokens that an answer may have. */
  private static int wanted(Example example) {
    return Math.min(example.completionTokens() + MARGIN, MOST_NEW_TOKENS);
  }

  /** The same, as far as the context has room. */
  private int newTokens(Example example) {
    return Math.min(wanted(example), positions() - example.promptTokens() + 1);
  }

  /** Samples answers of some examples together, by index. */
  private SortedMap<Integer, List<String>> sample(
      List<Example> examples, List<Integer> members, int answers, double temperature, long seed) {
    int most = members.stream().mapToInt(i -> newTokens(examples.get(i))).max().orElse(0);
    SortedMap<Integer, List<String>> sampled = new TreeMap<>();
    if (most < 1) {
      members.forEach(i -> sampled.put(i, Collections.nCopies(answers, "")));
      return sampled;
    }
    List<SampledPrompt> prompts = new ArrayList<>();
    for (int i : members) {
      Example example = examples.get(i);
      int[] prompt = Arrays.copyOf(example.tokens(), example.promptTokens());
      for (int k = 0; k < answers; k++) {
        prompts.add(
            SampledPrompt.of(example.id() + "#" + k, prompt, Sampling.temperature(temperature)));
      }
    }
    List<int[]> made =
        new Generator(decoder, new Generator.Settings(most, SAMPLES_AT_ONCE, texts.endTokens()))
            .sample(prompts, seed, finished -> {});
    for (int m = 0; m < members.size(); m++) {
      int limit = newTokens(examples.get(members.get(m)));
      sampled.put(
          members.get(m),
          made.subList(m * answers, (m + 1) * answers).stream()
              .map(tokens -> Arrays.copyOf(tokens, Math.min(limit, tokens.length)))
              .map(tokens -> texts.decode().apply(tokens).strip())
              .toList());
    }
    return sampled;
  }

  @Override
  public Optional<double[]> divergences(List<Example> examples) {
    return initial.map(model -> divergences(model.get(), examples));
  }

  private double[] divergences(Decoder other, List<Example> examples) {
    double[] means = new double[examples.size()];
    long rowBytes = (long) decoder.architecture().vocabularySize() * decoder.dataType().width();
    int first = 0;
    for (Batch batch : passes(examples, Math.min(PASS_TOKENS, KEPT_BYTES / rowBytes))) {
      double[] sums = sums(other, batch);
      for (int b = 0; b < sums.length; b++) {
        means[first++] = sums[b] / batch.examples().get(b).completionTokens();
      }
    }
    return means;
  }

  /** KL(other || decoder) summed over the completion tokens of each example, [B]. */
  private double[] sums(Decoder other, Batch batch) {
    double[] sums = new double[batch.size()];
    int rows = Math.toIntExact(batch.completionTokens());
    try (Matrix kept = decoder.backend().matrix(rows, decoder.architecture().vocabularySize())) {
      other.forward(batch, chunk -> chunk.compute().copy(chunk.logits(), rows(kept, chunk)));
      decoder.forward(
          batch,
          chunk -> {
            Comparison found =
                chunk
                    .compute()
                    .compare(chunk.logits(), rows(kept, chunk), new double[chunk.rows()]);
            int[] sequences = chunk.sequences();
            for (int row = 0; row < sequences.length; row++) {
              sums[sequences[row]] += found.divergences()[row];
            }
          });
    }
    return sums;
  }

  private static Matrix rows(Matrix matrix, LogitChunk chunk) {
    return matrix.rows(chunk.firstRow(), chunk.rows());
  }

  @Override
  public Optional<List<TokenScores>> scoreTaught(Lesson.Kind kind, List<Example> examples) {
    return onRequest.scoreTaught(kind, examples);
  }

  @Override
  public Optional<AttackModel> control() {
    return onRequest.control();
  }

  @Override
  public Optional<Patched> scorePatched(List<Example> examples) {
    return onRequest.scorePatched(decoder, initial.map(Supplier::get), examples);
  }

  /** Frees the copies with other weights. */
  @Override
  public void close() {
    closeRounded();
    onRequest.close();
  }

  private void closeRounded() {
    rounded.ifPresent(copy -> copy.decoder().close());
    rounded = Optional.empty();
  }
}
