package org.lethe.run.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;

/**
 * How long a run keeps its text.
 *
 * @param text as configured
 * @param period time after the decision; zero for a deletion on release, empty to keep the text
 */
public record Retention(String text, Optional<Duration> period) {
  /** The configuration's key. */
  public static final String KEY = "lethe.run.retention";

  /** The text stays. */
  public static final Retention KEEP = new Retention("keep", Optional.empty());

  private static final String ON_RELEASE = "delete-on-release";
  private static final Pattern DAYS = Pattern.compile("([0-9]{1,5}) ?(d|days?)");

  /** Reads a value of the configuration; empty if it is none. */
  public static Optional<Retention> parse(String text) {
    String value = text.strip().toLowerCase(Locale.ROOT);
    if (value.equals(KEEP.text)) {
      return Optional.of(KEEP);
    }
    if (value.equals(ON_RELEASE)) {
      return Optional.of(new Retention(value, Optional.of(Duration.ZERO)));
    }
    Matcher days = DAYS.matcher(value);
    return days.matches()
        ? Optional.of(
            new Retention(value, Optional.of(Duration.ofDays(Long.parseLong(days.group(1))))))
        : Optional.empty();
  }

  /** The retention that a record was written with. Records of older versions keep their text. */
  public static Retention of(ErasureRecord record) {
    return parse(record.configuration().getOrDefault(KEY, KEEP.text)).orElse(KEEP);
  }

  /** Whether only a release makes the deletion due; after days, a refusal does too. */
  private boolean isOnRelease() {
    return text.equals(ON_RELEASE);
  }

  /** Returns when the text of a decided run is due to be deleted; empty for never. */
  public Optional<Instant> due(ErasureRecord record) {
    return period
        .filter(time -> !isOnRelease() || record.decision() == Decision.RELEASED)
        .map(time -> Instant.parse(record.created()).plus(time));
  }
}
