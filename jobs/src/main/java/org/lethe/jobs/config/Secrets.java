package org.lethe.jobs.config;

import java.util.Map;
import java.util.regex.Pattern;
import org.lethe.error.SecretText;

/**
 * Masks secrets in documents and messages. All keys of reference.conf are harmless, apart from what
 * a URI or a command may hold. Of Spark's settings, which users name, only those of a list are
 * shown: names of secrets cannot be listed, since every file system has its own.
 */
public final class Secrets {
  static final String MASK = SecretText.MASK;

  private static final String WORDS = SecretText.WORDS;

  /**
   * The value of {@code spark.redaction.regex}, for Spark's UI and event log. Spark searches keys
   * and values, and the command line among them.
   */
  public static final String REDACTION = "(?i)" + WORDS + "|\\.sas\\.|[?&]sig=";

  /** Prefix of Spark's settings among the keys of Lethe. */
  private static final String SETTINGS = "lethe.spark.settings.";

  /** The section of these settings, which has no value of its own. */
  private static final String SECTION = "lethe.spark.settings";

  /** Settings that decide how a job runs. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "spark\\.(?:(?:driver|executor)\\.(?:cores|memory|memoryOverhead|memoryOverheadFactor"
              + "|instances|host|port|bindAddress|maxResultSize|resource\\.gpu\\.[\\w.]+"
              + "|heartbeatInterval|killOnFatalError\\.depth)"
              + "|executorEnv\\.(?:OMP_NUM_THREADS|OPENBLAS_CORETYPE|MALLOC_MMAP_THRESHOLD_|LC_ALL)"
              + "|(?:task|dynamicAllocation|shuffle|broadcast|rdd|memory|locality|speculation"
              + "|scheduler|storage|kryoserializer|cleaner|eventLog|rpc|reducer|cores|default"
              + "|barrier|stage|checkpoint|blockManager|port|excludeOnFailure)\\.[\\w.]+"
              + "|master|app\\.name|serializer|speculation|local\\.dir|ui\\.enabled|ui\\.port"
              + "|network\\.timeout|network\\.crypto\\.enabled|authenticate|submit\\.deployMode"
              + "|lethe\\.transport|io\\.encryption\\.enabled|sql\\.shuffle\\.partitions"
              + "|hadoop\\.(?:fs\\.defaultFS|dfs\\.replication|ipc\\.client\\.[\\w.]+"
              + "|fs\\.\\w+\\.(?:endpoint|endpoint\\.region|path\\.style\\.access"
              + "|connection\\.ssl\\.enabled|impl)))");

  private static final Pattern SECRET = Pattern.compile("(?i)" + WORDS);

  /** Shorter values are words that occur everywhere. */
  private static final int SHORTEST = 4;

  private Secrets() {}

  /** The value without secrets. */
  static String masked(String key, String value) {
    String plain = key.replace("\"", "");
    if (plain.equals(SECTION)) {
      return MASK;
    }
    return plain.startsWith(SETTINGS) && !isHarmless(plain.substring(SETTINGS.length()))
        ? MASK
        : SecretText.masked(value);
  }

  /** A text without the values of settings that are not shown. */
  public static String scrubbed(String text, Map<String, String> settings) {
    String clean = SecretText.masked(text);
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String value = setting.getValue();
      if (!isHarmless(setting.getKey()) && value.length() >= SHORTEST) {
        clean = clean.replace(value, MASK);
      }
    }
    return clean;
  }

  private static boolean isHarmless(String setting) {
    return HARMLESS.matcher(setting).matches() && !SECRET.matcher(setting).find();
  }
}
