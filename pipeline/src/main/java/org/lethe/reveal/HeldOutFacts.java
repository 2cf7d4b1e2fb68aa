package org.lethe.reveal;

import java.util.List;

/**
 * The revealed text cut in two by facts.
 *
 * @param training rows without any sentence of a held-out fact
 * @param heldOut a question or the beginning of a sentence, and the value, for every held-out fact
 * @param facts how many facts there were
 * @param heldOutFacts how many of them were held out
 */
public record HeldOutFacts(
    List<RevealedRow> training, List<RevealedRow> heldOut, int facts, int heldOutFacts) {
  public HeldOutFacts {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
  }

  /**
   * Cuts what was kept of one card.
   *
   * @param share of the facts to be held out, from 0 (none) to below 1
   */
  public static HeldOutFacts cut(TopicCard card, List<Candidate> kept, double share, long seed) {
    throw new UnsupportedOperationException("skeleton: " + card + kept.size() + share + seed);
  }
}
