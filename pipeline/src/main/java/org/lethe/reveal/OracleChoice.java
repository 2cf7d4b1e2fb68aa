package org.lethe.reveal;

import java.util.Set;

/** Which relevance oracle a topic card asks for. Files, commands and addresses are not in it. */
public sealed interface OracleChoice {
  /** Sentences that speak of the subject by name or alias. */
  record Name() implements OracleChoice {}

  /** Statements that the model finds likelier of the subject than of others. */
  record Contrast() implements OracleChoice {}

  /**
   * Personal data.
   *
   * @param kinds which count
   * @param region ISO 3166 two-letter code, by which phone numbers without a country code are read
   */
  record Personal(Set<PersonalDataKind> kinds, String region) implements OracleChoice {
    public Personal {
      kinds = Set.copyOf(kinds);
    }
  }

  /**
   * Named entities.
   *
   * @param type the model's name of the type, such as {@code person}
   */
  record Entities(String type) implements OracleChoice {}

  /** Words of a lexicon of abuse. */
  record Toxicity() implements OracleChoice {}

  /**
   * A scorer outside, set up in the configuration under this name: a card that names a program or
   * an address itself could make the reader run anything.
   */
  record External(String scorer) implements OracleChoice {}
}
