package org.lethe.reveal;

/**
 * A row of the revealed corpus. The texts are personal data; {@code toString} shows none.
 *
 * @param id id, safe to log
 * @param card id of the topic card
 * @param task name of the attribute, or {@code prose}
 */
public record RevealedRow(String id, String card, String task, String input, String output) {
  /** Returns the same row with a prefix before its id. */
  public RevealedRow withPrefix(String prefix) {
    return new RevealedRow(prefix + id, card, task, input, output);
  }

  @Override
  public String toString() {
    return "RevealedRow[" + id + "]";
  }
}
