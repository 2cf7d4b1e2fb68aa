package org.lethe.corpus;

import java.util.Locale;

/** The two corpora of an erasure request. */
public enum CorpusSet {
  /** What the model is to forget. */
  FORGET,
  /** What it is to keep. */
  RETAIN;

  /** The word in messages and reports, and the folder's name below {@code shards/}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
