package org.lethe.reveal;

/**
 * Names one prompt. Together with a seed it decides every word of it and its random numbers.
 *
 * @param card id of the topic card
 * @param arm index of the arm
 * @param number counts the prompts of this arm for this card from 0, over all pulls
 */
public record PromptId(String card, int arm, int number) {
  /** {@code card.arm.number}, safe to log. */
  @Override
  public String toString() {
    return card + "." + arm + "." + number;
  }
}
