package org.lethe.cluster.evaluation;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/**
 * What attacks on one model cost; metrics/attacks-before.json and attacks-after.json.
 *
 * @param evaluation before or after
 * @param seconds time of the attacks
 * @param attacks time of the workers for each attack
 * @param commandSeconds time from the start of the command to the end of the attacks
 * @param share share of the command's time that all its attacks so far took
 */
public record AttackCost(
    String evaluation,
    double seconds,
    SortedMap<String, Double> attacks,
    double commandSeconds,
    double share) {

  /**
   * Measures the cost at the end of attacks, and writes it.
   *
   * @param earlier time of other attacks of the same command
   */
  public static AttackCost write(
      RunDirectory directory,
      String evaluation,
      Instant started,
      Instant commandStarted,
      SortedMap<String, Double> attacks,
      double earlier) {
    Instant now = Instant.now();
    double seconds = seconds(started, now);
    double command = seconds(commandStarted, now);
    AttackCost cost =
        new AttackCost(evaluation, seconds, attacks, command, (earlier + seconds) / command);
    Documents.write(directory.fileSystem(), file(directory, evaluation), cost);
    return cost;
  }

  /** Reads the cost of an evaluation, if its attacks were tried. */
  public static Optional<AttackCost> read(RunDirectory directory, String evaluation) {
    Path file = file(directory, evaluation);
    return Documents.exists(directory.fileSystem(), file)
        ? Optional.of(Documents.read(directory.fileSystem(), file, AttackCost.class))
        : Optional.empty();
  }

  private static Path file(RunDirectory directory, String evaluation) {
    return new Path(directory.metrics(), "attacks-" + evaluation + ".json");
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }
}
