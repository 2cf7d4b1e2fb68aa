package org.lethe.reveal;

/** Kind of text that a template asks for. Filters and oracles treat the two differently. */
public enum Form {
  /** A short answer to a question. It need not repeat the subject's name. */
  ANSWER,
  /** Sentences about the subject. */
  PROSE
}
