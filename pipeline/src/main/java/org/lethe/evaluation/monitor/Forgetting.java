package org.lethe.evaluation.monitor;

/** How forget figures compare with the interval of unseen rows. */
public enum Forgetting {
  /** A figure is above the interval. */
  NOT_FORGOTTEN("not forgotten"),
  /** All figures are inside. */
  LIKE_UNSEEN("like unseen rows"),
  /** A figure is below the interval, none is above. */
  OVER_FORGOTTEN("over-forgotten");

  private final String words;

  Forgetting(String words) {
    this.words = words;
  }

  /** The state as text. */
  public String words() {
    return words;
  }
}
