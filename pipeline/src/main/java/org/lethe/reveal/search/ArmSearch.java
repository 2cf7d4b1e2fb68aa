package org.lethe.reveal.search;

import java.util.List;
import java.util.Optional;

/**
 * Searches for the arm with the highest reward. The next choice depends only on settings, contexts
 * and the pulls so far. So an interrupted search resumes from its list of pulls with the same
 * choices.
 */
public sealed interface ArmSearch permits RandomSearch, NetworkSearch {
  /** Returns the arm to try next. Empty if every arm was tried and none may be repeated. */
  Optional<Choice> next(List<Pull> pulls);

  /**
   * Returns the arms to try first, in this order, before the search learns anything. They may be
   * tried together.
   */
  List<Integer> opening();

  /**
   * Creates a search.
   *
   * @param contexts one vector per arm, all of one length: the model's last-token hidden state of
   *     the arm's instruction, with the temperature appended by {@link ArmContexts}
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
