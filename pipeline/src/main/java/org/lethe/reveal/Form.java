package org.lethe.reveal;

/** What kind of text a template asks for; filters and oracles judge the two differently. */
public enum Form {
  /** A short answer to a question, which need not name the subject again. */
  ANSWER,
  /** Sentences about the subject. */
  PROSE
}
