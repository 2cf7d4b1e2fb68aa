package org.lethe.reveal.oracle;

import java.util.List;
import org.lethe.reveal.OracleChoice;
import org.lethe.reveal.PersonalData;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;

/** Returns 1 if the generated text contains personal data of the selected kinds, else 0. */
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
