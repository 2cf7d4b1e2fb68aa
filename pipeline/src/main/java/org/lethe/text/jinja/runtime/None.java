package org.lethe.text.jinja.runtime;

/** Python's {@code None}. */
public enum None {
  NONE
}
