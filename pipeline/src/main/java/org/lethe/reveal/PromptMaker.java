package org.lethe.reveal;

import java.util.List;

/**
 * Makes the prompts of one card. The same seed and id give the same prompt, wherever it is made.
 */
public final class PromptMaker {
  private final TopicCard card;
  private final List<Arm> arms;
  private final long seed;

  /**
   * @param arms as {@link ArmPool#arms} gave them
   */
  public PromptMaker(TopicCard card, List<Arm> arms, long seed) {
    this.card = card;
    this.arms = List.copyOf(arms);
    this.seed = seed;
  }

  /** One prompt; name, attribute and question are drawn by seed and id. */
  public Prompt prompt(PromptId id) {
    throw new UnsupportedOperationException("skeleton: " + id + card + arms + seed);
  }

  /**
   * The instruction whose last-token hidden state is the arm's context: the canonical name, the
   * first attribute.
   */
  public Prompt instruction(int arm) {
    throw new UnsupportedOperationException("skeleton: " + arm);
  }
}
