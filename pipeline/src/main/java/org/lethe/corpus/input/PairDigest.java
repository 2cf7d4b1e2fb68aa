package org.lethe.corpus.input;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;

/**
 * Digest by which two examples count as equal: SHA-256 of (length of the prompt in bytes as four
 * bytes, high first; prompt; completion). Both texts are UTF-8 in Unicode composed form (NFC), with
 * each run of white space replaced by one space and none at the ends. Case is significant.
 */
public final class PairDigest {
  private PairDigest() {}

  /** Returns 64 hexadecimal digits. */
  public static String of(String prompt, String completion) {
    byte[] first = normalised(prompt);
    MessageDigest digest = sha256();
    // The length separates ("a b", "c") from ("a", "b c").
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(first.length).flip());
    digest.update(first);
    digest.update(normalised(completion));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] normalised(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
    StringBuilder out = new StringBuilder(composed.length());
    boolean pendingSpace = false;
    for (int i = 0; i < composed.length(); ) {
      int codePoint = composed.codePointAt(i);
      i += Character.charCount(codePoint);
      if (Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)) {
        pendingSpace = out.length() > 0;
      } else {
        if (pendingSpace) {
          out.append(' ');
          pendingSpace = false;
        }
        out.appendCodePoint(codePoint);
      }
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }
}
