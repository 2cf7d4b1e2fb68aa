package org.lethe.reveal.oracle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What oracles need beside a topic card; from the configuration, never from a card.
 *
 * @param entityModel an OpenNLP name finder model's bytes; none is shipped, for none is published
 *     under terms that are clear
 * @param lexicon words of abuse, one a line, in place of the built-in ones
 * @param scorers external scorers by name
 */
public record OracleSettings(
    Optional<byte[]> entityModel, Optional<String> lexicon, Map<String, Scorer> scorers) {
  public OracleSettings {
    scorers = Map.copyOf(scorers);
  }

  /** Nothing but what is built in. */
  public static OracleSettings none() {
    return new OracleSettings(Optional.empty(), Optional.empty(), Map.of());
  }

  /** A scorer outside of this process. */
  public sealed interface Scorer {
    /** Longest wait for the answer to one batch. */
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
