package org.lethe.corpus.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Expected values from Python: hashlib, unicodedata, struct. */
final class PairDigestTest {

  @Test
  void agreesWithPython() {
    assertThat(PairDigest.of("Where does Ada live?", "12 Elm Street"))
        .isEqualTo("5f3785d8cca4ff7773e4aa438f7e67187e89ce30bb9bac75a6c3e39128f8e28a");
  }

  @Test
  void spacingAndUnicodeFormAreIgnored() {
    String expected = "67d635355929c141d253dff0e3447e286b0938543e680134703059ee504acf49";

    assertThat(PairDigest.of("cafe\u0301  \n au\tlait ", " o\u00f9? ")).isEqualTo(expected);
    assertThat(PairDigest.of("caf\u00e9 au lait", "o\u00f9?")).isEqualTo(expected);
  }

  @Test
  void boundaryBetweenPromptAndCompletionMatters() {
    assertThat(PairDigest.of("a b", "c"))
        .isEqualTo("3c510d41bbea51f743ce47d49f4fa59abbc2bf2ad7f9fdabb1e05515b81b43c2");
    assertThat(PairDigest.of("a", "b c"))
        .isEqualTo("66705b0044bbeac5dd2135e90301220034808c2e17b659177026d816b40e7cdc");
  }
}
