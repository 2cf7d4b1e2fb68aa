package org.lethe.reveal.oracle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of oracles beyond the topic card. They come from the configuration, never from a card.
 *
 * @param entityModel bytes of an OpenNLP name finder model; none ships with Lethe, because none is
 *     published under clear terms
 * @param lexicon words of abuse, one per line, that replace the built-in ones
 * @param scorers external scorers by name
 */
public record OracleSettings(
    Optional<byte[]> entityModel, Optional<String> lexicon, Map<String, Scorer> scorers) {
  public OracleSettings {
    scorers = Map.copyOf(scorers);
  }

  /** No settings: built-in oracles only. */
  public static OracleSettings none() {
    return new OracleSettings(Optional.empty(), Optional.empty(), Map.of());
  }

  /** An external scorer. */
  public sealed interface Scorer {
    /** Maximum time for the answer to one batch. */
    Duration timeout();

    /** A program that reads JSON Lines on standard input and writes them on standard output. */
    record Program(List<String> command, Duration timeout) implements Scorer {
      public Program {
        command = List.copyOf(command);
      }
    }

    /** An HTTP service on the loopback interface. */
    record Service(String address, Duration timeout) implements Scorer {}
  }
}
