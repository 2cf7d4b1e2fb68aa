package org.lethe.reveal.filter;

import java.util.Locale;

/** Why a response is not kept, in the order in which it is asked. */
public enum DropReason {
  /** The model declines. */
  REFUSAL,
  /** The prompt again. */
  ECHO,
  /** Loops, or no words. */
  DEGENERATE,
  /** Too few words. */
  SHORT,
  /** The oracle says no. */
  IRRELEVANT,
  /** The model finds it as likely of others. */
  NOT_KNOWN,
  /** Too few samples say the same. */
  NO_AGREEMENT,
  /** The same text but for case, spaces and punctuation. */
  DUPLICATE,
  /** Nearly the same text. */
  NEAR_DUPLICATE,
  /** Unlike all the others. */
  OUTLIER;

  /** As it is written in documents. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
