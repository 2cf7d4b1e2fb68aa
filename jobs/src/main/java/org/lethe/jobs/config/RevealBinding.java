package org.lethe.jobs.config;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lethe.cluster.reveal.PromptingSettings;
import org.lethe.cluster.reveal.RevealSettings;
import org.lethe.jobs.config.RevealKeys.Retention;
import org.lethe.jobs.config.RevealKeys.Truth;
import org.lethe.model.Sampling;
import org.lethe.reveal.filter.FilterSettings;
import org.lethe.reveal.oracle.OracleSettings;
import org.lethe.reveal.search.IterationStop;
import org.lethe.reveal.search.NetworkSettings;
import org.lethe.reveal.search.RevealStop;
import org.lethe.reveal.search.Reward;
import org.lethe.reveal.search.SearchSettings;
import org.lethe.reveal.search.SearchSettings.Repeats;
import org.lethe.reveal.search.SearchSettings.Strategy;

/** Binds lethe.reveal. */
final class RevealBinding {
  private static final String SECTION = "lethe.reveal";
  private static final int MANY = 1 << 30;

  private final ConfigurationReader reader;

  private RevealBinding(ConfigurationReader reader) {
    this.reader = reader;
  }

  /** Whether a run begins with topic cards instead of a forget corpus. */
  static boolean isAsked(ConfigurationReader reader) {
    return !reader.texts(SECTION + ".cards").isEmpty();
  }

  static Optional<RevealKeys> read(ConfigurationReader reader) {
    if (!isAsked(reader)) {
      return Optional.empty();
    }
    RevealBinding binding = new RevealBinding(reader);
    return reader.make(SECTION, binding::keys);
  }

  private RevealKeys keys() {
    if (!reader.texts("lethe.corpus.forget").isEmpty()) {
      reader.problem("lethe.corpus.forget", "none where lethe.reveal.cards are given");
    }
    if (!reader.names("lethe.corpus.where").isEmpty()) {
      reader.problem("lethe.corpus.where", "empty where lethe.reveal.cards are given");
    }
    return new RevealKeys(
        uris("cards"),
        reader.text(SECTION + ".arms.file").map(Path::of),
        settings(),
        reader.integer(SECTION + ".workers", 1, 100_000),
        reader.texts("lethe.corpus.retain").stream().map(Uris::of).toList(),
        new Truth(uris("truth.forget"), uris("truth.retain")),
        uris("compare"),
        reader.choice(SECTION + ".retention", "keep", "delete-on-release").equals("keep")
            ? Retention.KEEP
            : Retention.DELETE_ON_RELEASE,
        new IterationStop.Settings(
            whole("iterations", 1),
            number("again.margin", -1, 1),
            number("again.retain-rise", 0, Double.MAX_VALUE)),
        whole("again.pulls", 1),
        ArithmeticBinding.read(reader));
  }

  private List<URI> uris(String key) {
    return reader.texts(SECTION + "." + key).stream().map(Uris::of).toList();
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
        reader.choice(SECTION + ".filters.contrast", "measured", "not-measured").equals("measured")
            ? RevealSettings.Contrast.MEASURED
            : RevealSettings.Contrast.NOT_MEASURED,
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
        Strategy.valueOf(
            reader
                .choice(SECTION + ".search.strategy", "neural-ucb", "greedy", "random")
                .toUpperCase(java.util.Locale.ROOT)
                .replace('-', '_')),
        new NetworkSettings(
            whole(network + "width", 1),
            whole(network + "steps", 1),
            reader.positive(SECTION + "." + network + "learning-rate"),
            reader.positive(SECTION + "." + network + "lambda"),
            number(network + "nu", 0, Double.MAX_VALUE),
            reader.choice(SECTION + "." + network + "covariance", "diagonal", "full").equals("full")
                ? NetworkSettings.Covariance.FULL
                : NetworkSettings.Covariance.DIAGONAL,
            reader
                    .choice(SECTION + "." + network + "scaling", "scaled", "published")
                    .equals("scaled")
                ? NetworkSettings.Scaling.SCALED
                : NetworkSettings.Scaling.PUBLISHED),
        whole("search.initial-pulls", 1),
        reader.choice(SECTION + ".search.repeats", "never", "allowed").equals("never")
            ? Repeats.NEVER
            : Repeats.ALLOWED,
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

  private double number(String key, double least, double most) {
    return reader.number(SECTION + "." + key, least, most);
  }

  private long orUnlimited(String key) {
    long found = reader.wholeNumber(SECTION + "." + key, 0, Long.MAX_VALUE);
    return found == 0 ? Long.MAX_VALUE : found;
  }
}
