package org.lethe.reveal.filter;

import java.util.Locale;

/** Reasons for dropping a response, in evaluation order. */
public enum DropReason {
  /** The model declines to answer. */
  REFUSAL,
  /** The response repeats the prompt. */
  ECHO,
  /** Blank, repetitive or without words. */
  DEGENERATE,
  /** Too few words. */
  SHORT,
  /** The oracle finds too little relevance. */
  IRRELEVANT,
  /** The model finds the statement equally likely about others. */
  NOT_KNOWN,
  /** Too few samples agree. */
  NO_AGREEMENT,
  /** Equal to another text except for case, spaces and punctuation. */
  DUPLICATE,
  /** Nearly equal to another text. */
  NEAR_DUPLICATE,
  /** Unlike all other texts. */
  OUTLIER;

  /** Spelling in documents. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
