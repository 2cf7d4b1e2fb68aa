package org.lethe.run.lease;

import java.time.Duration;
import java.util.Objects;

/**
 * Content of {@code lock.json}.
 *
 * @param format version of this document
 * @param token identifies the lease; every acquisition has its own
 * @param owner the process that holds the lease
 * @param acquired time of acquisition by the owner's clock, ISO 8601
 * @param seconds duration: the lease ends when the file is older than this
 * @param beats number of renewals
 */
record LeaseDocument(
    int format, String token, LeaseOwner owner, String acquired, long seconds, long beats) {
  static final int FORMAT = 2;

  LeaseDocument {
    // Lock files of older versions lack some fields.
    token = Objects.requireNonNullElse(token, "");
    owner = Objects.requireNonNullElse(owner, new LeaseOwner(null, null, 0, null, null));
    acquired = Objects.requireNonNullElse(acquired, "an unknown time");
  }

  /** Duration of the lease. */
  Duration duration(Duration otherwise) {
    return seconds > 0 ? Duration.ofSeconds(seconds) : otherwise;
  }

  /** Returns the document of the next renewal. */
  LeaseDocument renewed() {
    return new LeaseDocument(format, token, owner, acquired, seconds, beats + 1);
  }

  String describe() {
    return owner.describe() + ", since " + acquired;
  }
}
