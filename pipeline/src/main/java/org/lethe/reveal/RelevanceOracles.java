package org.lethe.reveal;

/** Makes oracles. */
public final class RelevanceOracles {
  private RelevanceOracles() {}

  /**
   * The oracle that a card asks for.
   *
   * @param model for the knowledge contrast
   * @throws org.lethe.error.LetheException where the settings lack what the choice needs
   */
  public static RelevanceOracle of(
      OracleChoice choice, OracleSettings settings, StatementModel model) {
    throw new UnsupportedOperationException("skeleton: " + choice + settings + model);
  }
}
