package org.lethe.jobs.config;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Masks secrets in documents and messages. All keys of reference.conf are harmless, apart from what
 * a URI or a command may hold. Of Spark's settings, which users name, only those of a list are
 * shown: names of secrets cannot be listed, since every file system has its own.
 */
public final class Secrets {
  static final String MASK = "*****";

  private static final String WORDS =
      "secret|passw|credential|token|signature|(?:access|api|account|private|encryption)[-_.]?key";

  /**
   * The value of {@code spark.redaction.regex}, for Spark's UI and event log. Spark searches keys
   * and values, and the command line among them.
   */
  public static final String REDACTION = "(?i)" + WORDS + "|\\.sas\\.|[?&]sig=";

  /** Prefix of Spark's settings among the keys of Lethe. */
  private static final String SETTINGS = "lethe.spark.settings.";

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

  /** User information of a URI: scheme://user:password@host. */
  private static final Pattern USER_INFO = Pattern.compile("(://)[^/@\\s\"]+:[^/@\\s\"]*@");

  /** A parameter of a URI, such as the signature of a presigned address. */
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&][\\w.-]*(?:sig|key|" + WORDS + ")[\\w.-]*=)[^&\\s\"]+");

  /** A flag of a command with its value, in text or in a list. */
  private static final Pattern FLAG =
      Pattern.compile(
          "(?i)(?<![\\w])(--?[\\w.-]*(?:key|"
              + WORDS
              + ")[\\w.-]*(?:=|\\s+|\"\\s*,\\s*\"))[^\\s\",\\]]+");

  /** Shorter values are words that occur everywhere. */
  private static final int SHORTEST = 4;

  private Secrets() {}

  /** The value without secrets. */
  static String masked(String key, String value) {
    String plain = key.replace("\"", "");
    return plain.startsWith(SETTINGS) && !isHarmless(plain.substring(SETTINGS.length()))
        ? MASK
        : masked(value);
  }

  /** A text without the values of settings that are not shown. */
  public static String scrubbed(String text, Map<String, String> settings) {
    String clean = masked(text);
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

  private static String masked(String value) {
    String clean = USER_INFO.matcher(value).replaceAll("$1" + MASK + "@");
    clean = PARAMETER.matcher(clean).replaceAll("$1" + MASK);
    return FLAG.matcher(clean).replaceAll("$1" + MASK);
  }
}
