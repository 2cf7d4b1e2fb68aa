package org.lethe.reveal.oracle;

import java.util.List;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;

/** Rates how relevant a response is for the subject to forget. */
public interface RelevanceOracle extends AutoCloseable {
  /**
   * Returns the relevance of each response, from 0 to 1.
   *
   * @return [responses]
   */
  double[] relevance(TopicCard card, List<Response> responses);

  /** Ends processes or connections of the oracle, if any. */
  @Override
  default void close() {}
}
