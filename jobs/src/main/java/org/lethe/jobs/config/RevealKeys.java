package org.lethe.jobs.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lethe.cluster.reveal.RevealSettings;
import org.lethe.reveal.search.IterationStop;

/**
 * What lethe.reveal says.
 *
 * @param cards files of topic cards
 * @param arms file of a user's own arms, beside the built-in ones
 * @param settings of the revelation
 * @param workers Spark tasks that ask at the same time
 * @param userRetain the user's own retain corpora
 * @param truth what is known to be true, for evaluation only
 * @param compared runs whose search the report shows beside this one's
 * @param retention what happens to revealed text at release
 * @param iterations when to stop revealing and releasing anew
 * @param pullsAgain pulls of the searches after the first iteration
 * @param arithmetic how modules are taken out; empty if lethe.unlearn trains on what was revealed
 */
public record RevealKeys(
    List<URI> cards,
    Optional<Path> arms,
    RevealSettings settings,
    int workers,
    List<URI> userRetain,
    Truth truth,
    List<URI> compared,
    Retention retention,
    IterationStop.Settings iterations,
    int pullsAgain,
    Optional<ArithmeticKeys> arithmetic) {

  /**
   * Corpora that no training sees.
   *
   * @param forget what the model was trained on about the topics
   * @param retain what it was trained on beside
   */
  public record Truth(List<URI> forget, List<URI> retain) {
    public boolean isKnown() {
      return !forget.isEmpty() || !retain.isEmpty();
    }
  }

  /** What happens to revealed text, and to all that holds it, when a run is released. */
  public enum Retention {
    KEEP,
    DELETE_ON_RELEASE
  }
}
