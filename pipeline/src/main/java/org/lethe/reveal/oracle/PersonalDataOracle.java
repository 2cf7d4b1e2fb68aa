package org.lethe.reveal;

import java.util.List;

/** 1 where the generated text holds personal data of the kinds asked for, 0 otherwise. */
public final class PersonalDataOracle implements RelevanceOracle {
  private final OracleChoice.Personal choice;

  public PersonalDataOracle(OracleChoice.Personal choice) {
    this.choice = choice;
  }

  @Override
  public double[] relevance(TopicCard card, List<Response> responses) {
    return responses.stream()
        .mapToDouble(
            response ->
                PersonalData.find(response.generated(), choice.kinds(), choice.region()).isEmpty()
                    ? 0
                    : 1)
        .toArray();
  }
}
