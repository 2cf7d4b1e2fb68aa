package org.lethe.reveal;

/**
 * Identifies a prompt. Together with a seed it determines the text and the random numbers of the
 * prompt.
 *
 * @param card id of the topic card
 * @param arm index of the arm
 * @param number number of the prompt for this arm and card, from 0, over all pulls
 */
public record PromptId(String card, int arm, int number) {
  /** Returns {@code card.arm.number}. Safe to log. */
  @Override
  public String toString() {
    return card + "." + arm + "." + number;
  }
}
