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
import org.lethe.reveal.Form;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.Response;
import org.lethe.reveal.oracle.StatementModel.Statement;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PlacedTokens;
import org.lethe.text.PromptTemplate;
import org.lethe.text.TextSettings;
import org.lethe.text.TextSettings.Template;
import org.lethe.text.Tokenizer;

/** Answers prompts with a loaded model, without Spark. */
final class PromptWork {
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
        new Sampling(settings.temperature(prompt), settings.topK(), settings.topP()));
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

  /** Mean log-probability per token of each text after its prompt, [statements]. */
  double[] meanLogProbabilities(List<Statement> statements) {
    ExampleEncoder encoder =
        encoders.computeIfAbsent("", none -> new ExampleEncoder(tokenizer, PromptTemplate.raw()));
    List<PromptedText> texts = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      texts.add(prompted(withoutEnd(encoder, "statement " + i, statements.get(i))));
    }
    return losses.of(texts).stream()
        .mapToDouble(all -> -Arrays.stream(all).average().orElse(0))
        .toArray();
  }

  /** Scores the whole completion. */
  private static PromptedText prompted(Example example) {
    int[] tokens = example.tokens();
    int prompt = example.promptTokens();
    return new PromptedText(
        Arrays.copyOf(tokens, prompt),
        Arrays.copyOfRange(tokens, prompt, tokens.length),
        IntStream.range(0, tokens.length - prompt).toArray());
  }

  /** Log-probabilities of the facts of statements, [statements]. */
  double[] factLogProbabilities(List<Statement> statements) {
    ExampleEncoder encoder =
        encoders.computeIfAbsent(
            TRAINING_FORM,
            none -> new ExampleEncoder(tokenizer, text.promptTemplate(tokenizer, model)));
    int positions = decoder.architecture().maxPositions();
    List<PromptedText> texts =
        statements.stream().map(statement -> facts(encoder, statement, positions)).toList();
    return losses.of(texts).stream().mapToDouble(all -> -Arrays.stream(all).sum()).toArray();
  }

  /** A text too long for half of the model's positions loses its end, a prompt its beginning. */
  private static PromptedText facts(ExampleEncoder encoder, Statement statement, int positions) {
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

  /** Drops the end token: a statement makes no claim about where a text ends. */
  private Example withoutEnd(ExampleEncoder encoder, String id, Statement statement) {
    Example example =
        encoder
            .encode(id, statement.prompt(), statement.text(), decoder.architecture().maxPositions())
            .example();
    int[] tokens = example.tokens();
    boolean ends = tokens[tokens.length - 1] == tokenizer.endToken();
    return ends && example.completionTokens() > 1
        ? new Example(id, Arrays.copyOf(tokens, tokens.length - 1), example.promptTokens())
        : example;
  }
}
