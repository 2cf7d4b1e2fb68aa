package org.lethe.reveal;

import java.util.Set;

/** Relevance oracle that a topic card selects. Holds no files, commands or addresses. */
public sealed interface OracleChoice {
  /** Counts sentences that mention the subject by name or alias. */
  record Name() implements OracleChoice {}

  /** Prefers statements that the model finds more likely about the subject than about others. */
  record Contrast() implements OracleChoice {}

  /**
   * Looks for personal data.
   *
   * @param kinds kinds that count
   * @param region ISO 3166 two-letter code for phone numbers without a country code
   */
  record Personal(Set<PersonalDataKind> kinds, String region) implements OracleChoice {
    public Personal {
      kinds = Set.copyOf(kinds);
    }
  }

  /**
   * Looks for named entities.
   *
   * @param type the model's name of the type, such as {@code person}
   */
  record Entities(String type) implements OracleChoice {}

  /** Counts words of a lexicon of abuse. */
  record Toxicity() implements OracleChoice {}

  /**
   * An external scorer that the configuration defines under this name. A card cannot name a program
   * or an address, because whoever reads a foreign card would then run it.
   */
  record External(String scorer) implements OracleChoice {}
}
