package org.lethe.cluster.reveal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.lethe.model.Decoder;
import org.lethe.model.generation.Generator;
import org.lethe.model.generation.PromptedLosses;
import org.lethe.model.generation.PromptedText;
import org.lethe.model.generation.SampledPrompt;
import org.lethe.model.generation.Sampling;
import org.lethe.model.generation.Temperature;
import org.lethe.reveal.Form;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.Response;
import org.lethe.reveal.oracle.StatementModel.Statement;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PlacedTokens;
import org.lethe.text.TextSettings;
import org.lethe.text.TextSettings.Template;
import org.lethe.text.Tokenizer;

/** Answers prompts with a loaded model, without Spark. */
final class PromptWork {
  private static final double FALL_FROM = 10;
  private static final int FALL_TOKENS = 20;

  /** Key of the encoder without a persona. No persona has this text. */
  private static final String TRAINING_FORM = "\n";

  private final Decoder decoder;
  private final Tokenizer tokenizer;
  private final Set<Integer> endTokens;
  private final TextSettings text;
  private final String model;
  private final PromptedLosses losses;
  private final Map<String, ExampleEncoder> encoders = new HashMap<>();

  PromptWork(
      Decoder decoder,
      Tokenizer tokenizer,
      Set<Integer> endTokens,
      TextSettings text,
      String model) {
    this.decoder = decoder;
    losses = new PromptedLosses(decoder);
    this.tokenizer = tokenizer;
    this.endTokens = endTokens;
    this.text = text;
    this.model = model;
  }

  /**
   * Responses to prompts with their lengths.
   *
   * @param responses responses in the order of the prompts
   * @param tokens number of tokens generated for each response
   */
  record Answers(List<Response> responses, long[] tokens) {}

  /** Answers one batch. */
  Answers answer(List<Prompt> prompts, PromptingSettings settings) {
    int positions = decoder.architecture().maxPositions();
    // Leaves room for the prompt if the model's context is small.
    int newTokens = Math.min(settings.maxNewTokens(), Math.max(1, positions / 2));
    List<SampledPrompt> sampled =
        prompts.stream().map(p -> encode(p, settings, positions - newTokens + 1)).toList();
    List<int[]> answers =
        new Generator(decoder, new Generator.Settings(newTokens, prompts.size(), endTokens))
            .sample(sampled, 0, done -> {});
    List<Response> responses = new ArrayList<>();
    long[] tokens = new long[answers.size()];
    for (int i = 0; i < answers.size(); i++) {
      int opener = sampled.get(i).opener().length;
      responses.add(new Response(prompts.get(i), text(prompts.get(i), answers.get(i), opener)));
      tokens[i] = (long) answers.get(i).length - opener;
    }
    return new Answers(responses, tokens);
  }

  private SampledPrompt encode(Prompt prompt, PromptingSettings settings, int room) {
    int[] opener = encoder(prompt).encodeOpener(input(prompt), prompt.opener());
    int[] kept = Arrays.copyOf(opener, Math.min(opener.length, room - 1));
    return new SampledPrompt(
        prompt.id() + "@" + prompt.seed(),
        encoder(prompt).encodePrompt(input(prompt), room - kept.length),
        kept,
        new Sampling(temperature(prompt, settings), settings.topK(), settings.topP()));
  }

  private static Temperature temperature(Prompt prompt, PromptingSettings settings) {
    double drawn = ((prompt.seed() * 0x9E3779B97F4A7C15L) >>> 11) * 0x1p-53;
    return drawn < settings.fallingShare()
            // Without top-k, nearly all tokens are equally probable at such a temperature.
            && settings.topK() != Sampling.ALL_TOKENS
        ? new Temperature(FALL_FROM, prompt.temperature(), FALL_TOKENS)
        : Temperature.constant(prompt.temperature());
  }

  /** Returns the text that the template wraps. The opener follows it. */
  private String input(Prompt prompt) {
    String question = prompt.frame() + prompt.ask();
    return isChat() ? question : prompt.system() + question;
  }

  private boolean isChat() {
    return text.template() == Template.CHAT;
  }

  /** A persona takes the place of the configured system message. */
  private ExampleEncoder encoder(Prompt prompt) {
    return encoders.computeIfAbsent(
        isChat() ? prompt.system() : "",
        system ->
            new ExampleEncoder(
                tokenizer, text.withSystemMessage(system).promptTemplate(tokenizer, model)));
  }

  /** Returns the answer's text. It begins with the opener, byte for byte. */
  private String text(Prompt prompt, int[] answer, int opener) {
    String whole = tokenizer.decode(answer).strip();
    String begun = prompt.opener().strip();
    String generated =
        whole.startsWith(begun)
            ? whole.substring(begun.length())
            : tokenizer.decode(Arrays.copyOfRange(answer, opener, answer.length));
    // A base model continues with another question.
    int end = generated.strip().indexOf('\n');
    String cut =
        prompt.form() == Form.ANSWER && end >= 0 ? generated.strip().substring(0, end) : generated;
    return begun.isEmpty() ? cut.strip() : prompt.opener() + cut.stripTrailing();
  }

  /** Last-token states of instructions, [prompts, D]. */
  float[][] states(List<Prompt> prompts) {
    int positions = decoder.architecture().maxPositions();
    return decoder.lastStates(
        prompts.stream()
            .map(
                prompt -> {
                  SampledPrompt encoded = encode(prompt, LIMITS, positions);
                  int[] all =
                      Arrays.copyOf(
                          encoded.tokens(), encoded.tokens().length + encoded.opener().length);
                  System.arraycopy(
                      encoded.opener(), 0, all, encoded.tokens().length, encoded.opener().length);
                  return all;
                })
            .toList());
  }

  private static final PromptingSettings LIMITS =
      new PromptingSettings(1, 1, Sampling.ALL_TOKENS, 1, 0);

  /**
   * Returns the log-probabilities of the facts of statements, [statements]. The prompts have the
   * form of the training rows.
   */
  double[] factLogProbabilities(List<Statement> statements) {
    ExampleEncoder encoder =
        encoders.computeIfAbsent(
            TRAINING_FORM,
            none -> new ExampleEncoder(tokenizer, text.promptTemplate(tokenizer, model)));
    int positions = decoder.architecture().maxPositions();
    List<PromptedText> texts = new ArrayList<>();
    for (Statement statement : statements) {
      texts.add(encode(encoder, statement, positions));
    }
    return losses.of(texts).stream().mapToDouble(all -> -Arrays.stream(all).sum()).toArray();
  }

  /** A text too long for half of the model's positions loses its end, a prompt its beginning. */
  private static PromptedText encode(ExampleEncoder encoder, Statement statement, int positions) {
    PlacedTokens tokens = encoder.encodeCompletion(statement.prompt(), statement.text());
    int[] ids = Arrays.copyOf(tokens.ids(), Math.min(tokens.ids().length, positions / 2));
    int[] scored =
        IntStream.range(0, ids.length)
            .filter(
                i -> {
                  int from = tokens.from()[i];
                  int to = tokens.to()[i];
                  return statement.facts().stream().anyMatch(f -> from < f.to() && to > f.from());
                })
            .toArray();
    return new PromptedText(
        encoder.encodePrompt(statement.prompt(), positions - ids.length), ids, scored);
  }
}
