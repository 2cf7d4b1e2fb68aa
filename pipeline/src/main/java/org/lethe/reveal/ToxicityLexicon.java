package org.lethe.reveal;

import java.util.List;

/** To be written. */
public final class ToxicityLexicon implements RelevanceOracle {
  @Override
  public double[] relevance(TopicCard card, List<Response> responses) {
    throw new UnsupportedOperationException("skeleton");
  }
}
