package org.lethe.reveal;

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
    throw new UnsupportedOperationException("skeleton: " + settings + contexts.length);
  }
}
