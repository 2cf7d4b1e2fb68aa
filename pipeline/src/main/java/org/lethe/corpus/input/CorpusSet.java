package org.lethe.corpus.input;

import java.util.Locale;

/** The two corpora of an erasure request. */
public enum CorpusSet {
  /** The knowledge that the model must forget. */
  FORGET,
  /** The knowledge that the model must keep. */
  RETAIN;

  /** The name in messages and reports, and the folder's name below {@code shards/}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
