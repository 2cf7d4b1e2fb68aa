package org.lethe.reveal;

import java.util.List;

/** Says how much a response has to do with what is to be forgotten. */
public sealed interface RelevanceOracle extends AutoCloseable
    permits NameLink,
        KnowledgeContrast,
        PersonalDataOracle,
        NamedEntityOracle,
        ToxicityLexicon,
        ExternalProcess,
        ExternalService {
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
