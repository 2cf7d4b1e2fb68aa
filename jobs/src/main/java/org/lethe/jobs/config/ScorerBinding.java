package org.lethe.jobs.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.reveal.oracle.OracleSettings.Scorer;

/** Binds lethe.reveal.oracles.scorers: programs and services that topic cards name. */
final class ScorerBinding {
  private static final String SECTION = "lethe.reveal.oracles.scorers";
  private static final String TIMEOUT = "lethe.reveal.oracles.scorer-timeout";

  private ScorerBinding() {}

  static Map<String, Scorer> read(ConfigurationReader reader) {
    Map<String, Scorer> scorers = new HashMap<>();
    Duration timeout = reader.duration(TIMEOUT);
    for (String name : reader.names(SECTION)) {
      scorer(reader, name, timeout).ifPresent(scorer -> scorers.put(name, scorer));
    }
    return scorers;
  }

  /** A list is a command with its arguments; text is the address of a service. */
  private static Optional<Scorer> scorer(
      ConfigurationReader reader, String name, Duration timeout) {
    List<String> words = reader.listOrText(SECTION, name);
    if (words.isEmpty()) {
      return Optional.empty();
    }
    return words.size() == 1 && words.get(0).startsWith("http")
        ? Optional.of(new Scorer.Service(words.get(0), timeout))
        : Optional.of(new Scorer.Program(words, timeout));
  }
}
