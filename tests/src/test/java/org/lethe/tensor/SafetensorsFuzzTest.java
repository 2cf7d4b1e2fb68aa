package org.lethe.tensor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.lethe.error.LetheException;

/**
 * For any header bytes, the parser returns a header that covers the data, or throws its own error.
 * Regression mode by default; JAZZER_FUZZ=1 fuzzes.
 */
final class SafetensorsFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void headersParseOrAreRefused(byte[] input) {
    int dataBytes = input.length == 0 ? 0 : input[0] & 0xff;
    byte[] header = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
    try {
      SafetensorsHeader parsed = SafetensorsHeader.parse("input", header, dataBytes);
      long covered =
          parsed.tensors().values().stream().mapToLong(entry -> entry.info().bytes()).sum();
      if (covered != dataBytes) {
        throw new AssertionError("tensors cover " + covered + " of " + dataBytes + " bytes");
      }
    } catch (LetheException refused) {
      if (refused.getMessage().contains("\n")) {
        throw new AssertionError("message of more than one line", refused);
      }
    }
  }
}
