package org.lethe.reveal;

import java.util.List;

/** Decides what of the revealed text is kept. */
public final class Filters {
  private final FilterSettings settings;

  /**
   * @param kept in the order of their prompt ids
   */
  public record Result(List<Candidate> kept, FilterReport report) {
    public Result {
      kept = List.copyOf(kept);
    }
  }

  public Filters(FilterSettings settings) {
    this.settings = settings;
  }

  /** Filters the responses to one card. The order in which they are given does not matter. */
  public Result apply(TopicCard card, List<Candidate> candidates) {
    throw new UnsupportedOperationException("skeleton: " + settings + card + candidates.size());
  }
}
