package org.lethe.corpus.shard;

import java.util.OptionalLong;

/**
 * A sample of the retain corpus, drawn by seed and digest before rows are encoded.
 *
 * @param rows number of rows, or empty for all
 * @param near share of the sample, from 0 to 1, for rows near to the forget rows
 */
public record RetainSample(OptionalLong rows, double near) {

  /** Corpora up to this number of rows are not sampled unless the configuration asks for it. */
  public static final long LEAST_ROWS = 100_000;

  public RetainSample {
    if (rows.isPresent() && rows.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "Invalid retain rows: " + rows.getAsLong() + ", expected at least 1");
    }
    if (!(near >= 0 && near <= 1)) {
      throw new IllegalArgumentException("Invalid retain near: " + near + ", expected 0 to 1");
    }
  }

  /** Takes all rows. */
  public static RetainSample all() {
    return new RetainSample(OptionalLong.empty(), 0);
  }

  /** Takes a number of rows, without regard to the forget rows. */
  public static RetainSample of(long rows) {
    return new RetainSample(OptionalLong.of(rows), 0);
  }
}
