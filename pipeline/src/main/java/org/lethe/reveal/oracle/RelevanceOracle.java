package org.lethe.reveal.oracle;

import java.util.List;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;

/** Says how much a response has to do with what is to be forgotten. */
public interface RelevanceOracle extends AutoCloseable {
  /**
   * Relevance of each response, from 0 to 1.
   *
   * @return [responses]
   */
  double[] relevance(TopicCard card, List<Response> responses);

  /** Ends what the oracle runs, if it runs anything. */
  @Override
  default void close() {}
}
