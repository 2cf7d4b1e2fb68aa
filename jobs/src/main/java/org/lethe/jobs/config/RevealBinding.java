package org.lethe.jobs.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.lethe.cluster.reveal.PromptingSettings;
import org.lethe.cluster.reveal.RevealSettings;
import org.lethe.cluster.reveal.RevealSettings.Contrast;
import org.lethe.model.generation.Sampling;
import org.lethe.reveal.filter.FilterSettings;
import org.lethe.reveal.filter.FilterSettings.Agreement;
import org.lethe.reveal.oracle.ContrastSettings;
import org.lethe.reveal.oracle.OracleSettings;
import org.lethe.reveal.search.IterationStop;
import org.lethe.reveal.search.NetworkSettings;
import org.lethe.reveal.search.NetworkSettings.Covariance;
import org.lethe.reveal.search.NetworkSettings.Scaling;
import org.lethe.reveal.search.RevealStop;
import org.lethe.reveal.search.Reward;
import org.lethe.reveal.search.SearchSettings;
import org.lethe.reveal.search.SearchSettings.Repeats;
import org.lethe.reveal.search.SearchSettings.Strategy;

/** Binds the keys of lethe.reveal that the reveal stage uses. */
final class RevealBinding {
  private static final String SECTION = "lethe.reveal";
  private static final int MANY = 1 << 30;
  private static final Choices<Strategy> STRATEGIES = Choices.of(Strategy.class);
  private static final Choices<Repeats> REPEATS = Choices.of(Repeats.class);
  private static final Choices<Covariance> COVARIANCES = Choices.of(Covariance.class);
  private static final Choices<Scaling> SCALINGS = Choices.of(Scaling.class);
  private static final Choices<Contrast> CONTRASTS = Choices.of(Contrast.class);
  private static final Choices<ContrastSettings.Method> METHODS =
      Choices.of(ContrastSettings.Method.class);
  private static final Choices<Agreement> AGREEMENTS = Choices.of(Agreement.class);

  private final ConfigurationReader reader;

  private RevealBinding(ConfigurationReader reader) {
    this.reader = reader;
  }

  /** The keys of a run that reveals, which needs topic cards. */
  static Optional<RevealKeys> required(ConfigurationReader reader) {
    reader.requiredTexts(SECTION + ".cards", "files of topic cards");
    return read(reader);
  }

  static Optional<RevealKeys> read(ConfigurationReader reader) {
    RevealBinding binding = new RevealBinding(reader);
    return reader.make(SECTION, binding::keys);
  }

  private RevealKeys keys() {
    return new RevealKeys(
        reader.text(SECTION + ".arms.file").map(Path::of),
        settings(),
        reader.integer(SECTION + ".workers", 1, 100_000),
        CorpusBinding.fields(reader),
        new IterationStop.Settings(
            whole("iterations", 1),
            number("again.margin", -1, 1),
            number("again.retain-rise", 0, Double.MAX_VALUE)),
        whole("again.pulls", 1));
  }

  private RevealSettings settings() {
    long seed = reader.wholeNumber(SECTION + ".seed", Long.MIN_VALUE, Long.MAX_VALUE);
    return new RevealSettings(
        whole("arms.most", 1),
        search(seed),
        whole("search.pulls-at-once", 1),
        whole("search.responses", 1),
        new Reward.Settings(
            number("reward.diversity-weight", 0, 1),
            number("reward.floor", 0, 1),
            whole("reward.pool-sample", 1)),
        whole("harvest.arms", 1),
        whole("harvest.prompts", 0),
        whole("neighbours.prompts", 0),
        new RevealStop.Budget(
            whole("search.pulls", 1), orUnlimited("budget.prompts"), orUnlimited("budget.tokens")),
        new RevealStop.Plateau(
            whole("plateau.block", 1),
            number("plateau.least-gain", 0, 1),
            whole("plateau.blocks", 1)),
        filters(),
        choice("filters.contrast", CONTRASTS),
        new ContrastSettings(
            choice("contrast.method", METHODS),
            whole("contrast.names", 1),
            number("contrast.false-accept-rate", 0, 1),
            whole("contrast.invented-prompts", 1)),
        number("held-out", 0, 0.99),
        number("neighbours.held-out", 0, 0.99),
        oracles(),
        asking(),
        seed);
  }

  private SearchSettings search(long seed) {
    int candidates = whole("search.candidates", 0);
    String network = "search.network.";
    return new SearchSettings(
        choice("search.strategy", STRATEGIES),
        new NetworkSettings(
            whole(network + "width", 1),
            whole(network + "steps", 1),
            reader.positive(SECTION + "." + network + "learning-rate"),
            reader.positive(SECTION + "." + network + "lambda"),
            number(network + "nu", 0, Double.MAX_VALUE),
            choice(network + "covariance", COVARIANCES),
            choice(network + "scaling", SCALINGS)),
        whole("search.initial-pulls", 1),
        choice("search.repeats", REPEATS),
        candidates == 0 ? Integer.MAX_VALUE : candidates,
        seed);
  }

  private FilterSettings filters() {
    return new FilterSettings(
        whole("filters.shortest-prose", 0),
        whole("filters.shortest-answer", 0),
        number("filters.most-repetition", 0, 1),
        number("filters.least-relevance", 0, 1),
        number("filters.least-contrast", -Double.MAX_VALUE, Double.MAX_VALUE),
        choice("filters.agreement", AGREEMENTS),
        number("filters.agreement-share", 0, 1),
        whole("filters.agreement-samples", 1),
        number("filters.near-duplicate", 0, 1),
        number("filters.outlier-share", 0, 1));
  }

  private PromptingSettings asking() {
    int topK = whole("asking.top-k", 0);
    return new PromptingSettings(
        whole("asking.batch-size", 1),
        whole("asking.max-new-tokens", 1),
        topK == 0 ? Sampling.ALL_TOKENS : topK,
        number("asking.top-p", 0, 1),
        number("asking.falling-share", 0, 1));
  }

  private OracleSettings oracles() {
    return new OracleSettings(
        reader.text(SECTION + ".oracles.entity-model").map(this::bytes),
        reader
            .text(SECTION + ".oracles.lexicon")
            .map(file -> new String(bytes(file), StandardCharsets.UTF_8)),
        ScorerBinding.read(reader));
  }

  private byte[] bytes(String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("Invalid file: " + file + ", it cannot be read", e);
    }
  }

  private int whole(String key, int least) {
    return reader.integer(SECTION + "." + key, least, MANY);
  }

  private <T> T choice(String key, Choices<T> choices) {
    return reader.choice(SECTION + "." + key, choices);
  }

  private double number(String key, double least, double most) {
    return reader.number(SECTION + "." + key, least, most);
  }

  private long orUnlimited(String key) {
    long found = reader.wholeNumber(SECTION + "." + key, 0, Long.MAX_VALUE);
    return found == 0 ? Long.MAX_VALUE : found;
  }
}
