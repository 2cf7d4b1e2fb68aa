package org.lethe.reveal;

/**
 * Part of a text.
 *
 * @param from index of its first character
 * @param to index after its last character
 */
public record Span(int from, int to) {
  public Span {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("Invalid span: " + from + " to " + to);
    }
  }
}
