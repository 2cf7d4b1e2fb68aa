package org.lethe.reveal.search;

import java.util.List;
import java.util.Optional;

/** Decides when to stop prompting. */
public final class RevealStop {
  private RevealStop() {}

  /** Reasons for ending the search. */
  public enum Reason {
    PLATEAU,
    PULLS,
    PROMPTS,
    TOKENS,
    NO_ARMS
  }

  /**
   * @param pulls maximum number of pulls
   * @param prompts maximum number of prompts
   * @param tokens maximum number of generated tokens
   */
  public record Budget(int pulls, long prompts, long tokens) {
    public Budget {
      if (pulls < 1 || prompts < 1 || tokens < 1) {
        throw new IllegalArgumentException(
            "Invalid budget: "
                + pulls
                + " pulls, "
                + prompts
                + " prompts, "
                + tokens
                + " tokens, each at least 1");
      }
    }
  }

  /**
   * @param block accepted texts between two measurements
   * @param leastGain relative gain of the Vendi score below which a block adds nothing
   * @param blocks consecutive blocks without gain that end the search
   */
  public record Plateau(int block, double leastGain, int blocks) {
    public Plateau {
      if (block < 1 || blocks < 1 || !(leastGain >= 0)) {
        throw new IllegalArgumentException(
            "Invalid plateau: " + blocks + " blocks of " + block + ", least gain " + leastGain);
      }
    }

    /** 100 texts, 1 percent, 2 blocks. */
    public static Plateau defaults() {
      return new Plateau(100, 0.01, 2);
    }
  }

  /**
   * Decides whether to stop.
   *
   * @param vendi Vendi score of the pool after each full block of accepted texts
   */
  public static Optional<Reason> decide(
      int pulls, long prompts, long tokens, List<Double> vendi, Budget budget, Plateau plateau) {
    if (pulls >= budget.pulls()) {
      return Optional.of(Reason.PULLS);
    }
    if (prompts >= budget.prompts()) {
      return Optional.of(Reason.PROMPTS);
    }
    if (tokens >= budget.tokens()) {
      return Optional.of(Reason.TOKENS);
    }
    int last = vendi.size() - 1;
    if (last < plateau.blocks()) {
      return Optional.empty();
    }
    for (int i = last - plateau.blocks() + 1; i <= last; i++) {
      if (vendi.get(i) / vendi.get(i - 1) - 1 >= plateau.leastGain()) {
        return Optional.empty();
      }
    }
    return Optional.of(Reason.PLATEAU);
  }
}
