package org.lethe.reveal.search;

import java.util.List;
import java.util.Optional;

/**
 * A search for the arm with the highest reward. The next choice is a function of settings, contexts
 * and the pulls so far alone, so a search that was cut off goes on from its list of pulls as if
 * nothing had happened.
 */
public sealed interface ArmSearch permits RandomSearch, NetworkSearch {
  /** The arm to try next, or nothing where every arm was tried and none may be repeated. */
  Optional<Choice> next(List<Pull> pulls);

  /**
   * Arms that are tried first, before anything is learnt, in this order: they may be tried at once.
   */
  List<Integer> opening();

  /**
   * Makes a search.
   *
   * @param contexts one vector per arm, all of one length: the model's last-token hidden state of
   *     the arm's instruction, with the temperature put on by {@link ArmContexts}
   */
  static ArmSearch of(SearchSettings settings, double[][] contexts) {
    if (contexts.length == 0) {
      throw new IllegalArgumentException("Invalid contexts: none");
    }
    for (int arm = 0; arm < contexts.length; arm++) {
      if (contexts[arm].length == 0 || contexts[arm].length != contexts[0].length) {
        throw new IllegalArgumentException(
            "Invalid context of arm " + arm + ": length " + contexts[arm].length);
      }
      for (double value : contexts[arm]) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException("Invalid context of arm " + arm + ": " + value);
        }
      }
    }
    return switch (settings.strategy()) {
      case RANDOM -> new RandomSearch(settings, contexts.length);
      case GREEDY, NEURAL_UCB -> new NetworkSearch(settings, contexts);
    };
  }
}
