package org.lethe.reveal.oracle;

import java.util.List;
import java.util.TreeSet;
import org.lethe.error.RevealErrors;
import org.lethe.reveal.OracleChoice;

/** Creates oracles. */
public final class RelevanceOracles {
  private RelevanceOracles() {}

  /**
   * Creates the oracle that a card selects.
   *
   * @param contrast knowledge contrast of the run
   * @throws org.lethe.error.LetheException if the settings lack a required part
   */
  public static RelevanceOracle of(
      OracleChoice choice, OracleSettings settings, Contrast contrast) {
    if (choice instanceof OracleChoice.Name) {
      return new NameLink();
    } else if (choice instanceof OracleChoice.Contrast) {
      return contrast;
    } else if (choice instanceof OracleChoice.Personal personal) {
      return new PersonalDataOracle(personal);
    } else if (choice instanceof OracleChoice.Entities entities) {
      return new NamedEntityOracle(
          settings.entityModel().orElseThrow(RevealErrors::noEntityModel), entities.type());
    } else if (choice instanceof OracleChoice.Toxicity) {
      return settings.lexicon().map(ToxicityLexicon::new).orElseGet(ToxicityLexicon::builtIn);
    } else {
      return external(((OracleChoice.External) choice).scorer(), settings);
    }
  }

  private static RelevanceOracle external(String name, OracleSettings settings) {
    OracleSettings.Scorer scorer = settings.scorers().get(name);
    if (scorer instanceof OracleSettings.Scorer.Program program) {
      return new ExternalProcess(name, program);
    } else if (scorer instanceof OracleSettings.Scorer.Service service) {
      return new ExternalService(name, service);
    }
    throw RevealErrors.unknownScorer(name, List.copyOf(new TreeSet<>(settings.scorers().keySet())));
  }
}
