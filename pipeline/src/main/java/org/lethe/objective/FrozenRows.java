package org.lethe.objective;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Down-projections of an earlier module, as directions: rows of length 1.
 *
 * @param rows by the name of the factor in PEFT, [r, in]
 */
public record FrozenRows(SortedMap<String, float[][]> rows) implements Serializable {
  /**
   * Normalises the rows.
   *
   * @throws IllegalArgumentException if a factor is all zero, because a penalty against it would
   *     silently have no effect
   */
  public FrozenRows {
    TreeMap<String, float[][]> units = new TreeMap<>();
    rows.forEach((name, factor) -> units.put(name, units(name, factor)));
    if (units.isEmpty()) {
      throw new IllegalArgumentException("Invalid old factors: none");
    }
    rows = units;
  }

  private static float[][] units(String name, float[][] factor) {
    float[][] units = new float[factor.length][];
    boolean zero = true;
    for (int i = 0; i < factor.length; i++) {
      double square = 0;
      for (float value : factor[i]) {
        square += (double) value * value;
      }
      double norm = Math.sqrt(square);
      zero &= norm == 0;
      units[i] = new float[factor[i].length];
      for (int k = 0; norm > 0 && k < units[i].length; k++) {
        units[i][k] = (float) (factor[i][k] / norm);
      }
    }
    if (zero) {
      throw new IllegalArgumentException("Invalid old factor: " + name + " is zero");
    }
    return units;
  }

  /** Depends on the content, because a resumed training compares its settings as text. */
  @Override
  public String toString() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      rows.forEach(
          (name, factor) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            for (float[] row : factor) {
              ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * row.length);
              bytes.asFloatBuffer().put(row);
              digest.update(bytes);
            }
          });
      return "FrozenRows[" + HexFormat.of().formatHex(digest.digest()) + "]";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
