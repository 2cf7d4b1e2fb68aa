package org.lethe.text;

import java.util.Arrays;

/**
 * Tokens of a text and their places in it.
 *
 * @param ids token ids
 * @param from index of each token's first character
 * @param to index after each token's last character
 */
public record PlacedTokens(int[] ids, int[] from, int[] to) {
  /** Returns the tokens with their places in a text that lacks the first characters of this one. */
  PlacedTokens movedBack(int characters) {
    return new PlacedTokens(ids, movedBack(from, characters), movedBack(to, characters));
  }

  private static int[] movedBack(int[] places, int characters) {
    return Arrays.stream(places).map(place -> Math.max(0, place - characters)).toArray();
  }
}
