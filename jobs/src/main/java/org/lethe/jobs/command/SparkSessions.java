package org.lethe.jobs.command;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.PlatformErrors;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.Secrets;
import org.lethe.platform.Account;
import org.lethe.platform.KnownFailures;
import org.lethe.platform.MathThreads;
import scala.Option;

/** Starts Spark: the session of spark-submit where there is one, otherwise one inside this JVM. */
final class SparkSessions {
  private static final String JOBS = "org.lethe.jobs.";

  private SparkSessions() {}

  /**
   * The session of this process.
   *
   * @param name of the application, unless spark-submit or the settings give one; it holds no data
   * @param master embedded, or a master URL; spark-submit's own wins over both
   * @param workers tasks that run at the same time when embedded
   * @param settings of the user, above all others
   * @throws LetheException PLATFORM or USAGE if Spark does not start
   */
  static SparkSession open(String name, String master, int workers, Map<String, String> settings) {
    login();
    requireAddress();
    try {
      SparkConf conf = new SparkConf();
      nameApplication(conf, name);
      conf.setIfMissing("spark.redaction.regex", Secrets.REDACTION);
      if (!conf.contains("spark.master")) {
        if (master.equals("embedded")) {
          embed(conf, workers);
        } else {
          conf.setMaster(master);
        }
      }
      settings.forEach(conf::set);
      // An executor sees all cores of its host, also those of other executors.
      conf.setIfMissing(
          "spark.executorEnv." + MathThreads.VARIABLE, conf.get("spark.task.cpus", "1"));
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception | LinkageError e) {
      throw KnownFailures.find(e).orElseGet(() -> notStarted(e, settings));
    }
  }

  /** Cancels all jobs of this process's session, if there is one. */
  static void cancelJobs() {
    Option<SparkSession> session = SparkSession.getDefaultSession();
    if (session.isDefined() && !session.get().sparkContext().isStopped()) {
      session.get().sparkContext().cancelAllJobs();
    }
  }

  /** Keeps the name of spark-submit. Without {@code --name}, that is the job's class. */
  static void nameApplication(SparkConf conf, String name) {
    if (conf.get("spark.app.name", JOBS).startsWith(JOBS)) {
      conf.setAppName(name);
    }
  }

  /** A setting that Spark rejects is a mistake of the user; all else is the machine's. */
  private static LetheException notStarted(Throwable thrown, Map<String, String> settings) {
    ExitClass exitClass =
        thrown instanceof IllegalArgumentException ? ExitClass.USAGE : ExitClass.PLATFORM;
    return PlatformErrors.sparkDidNotStart(
        exitClass, thrown, reason -> Secrets.scrubbed(reason, settings));
  }

  /**
   * Logs in to Hadoop. An account without an entry in /etc/passwd cannot, so it gets a name, unless
   * Kerberos decides who it is.
   *
   * @throws LetheException PLATFORM if Hadoop cannot log in
   */
  static void login() {
    try {
      if (!Account.isNamed() && !UserGroupInformation.isSecurityEnabled()) {
        String name =
            Optional.ofNullable(System.getenv("HADOOP_USER_NAME")).orElseGet(Account::name);
        UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
      }
      UserGroupInformation.getCurrentUser();
    } catch (IOException | RuntimeException | LinkageError e) {
      throw KnownFailures.find(e)
          .orElseGet(() -> PlatformErrors.noLogin(Account.name(), String.valueOf(e.getMessage())));
    }
  }

  /**
   * Spark looks up the machine's host name even if it uses another address.
   *
   * @throws LetheException PLATFORM if the name has no address and the environment gives none
   */
  static void requireAddress() {
    boolean given =
        Stream.of("SPARK_LOCAL_IP", "SPARK_LOCAL_HOSTNAME")
            .anyMatch(variable -> System.getenv(variable) != null);
    if (given) {
      return;
    }
    try {
      InetAddress.getLocalHost();
    } catch (UnknownHostException e) {
      // The message repeats the name.
      throw PlatformErrors.noHostName(String.valueOf(e.getMessage()).replaceFirst(":.*", ""));
    }
  }

  private static void embed(SparkConf conf, int workers) {
    conf.setMaster("local[" + workers + "]")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.driver.host", "127.0.0.1")
        // A task that lacks memory or a native library would end this JVM, before it can say why.
        .set("spark.executor.killOnFatalError.depth", "0")
        .set("spark.ui.enabled", "false")
        .set("spark.ui.showConsoleProgress", "false")
        // The event log would hold job descriptions and plans.
        .set("spark.eventLog.enabled", "false")
        // Shuffle and spill files of the shard job hold text, and outlive a process that is killed.
        .set("spark.io.encryption.enabled", "true")
        .set("spark.sql.warehouse.dir", temporary().toUri().toString())
        // Parameters are random to a compressor: it costs time and saves nothing.
        .set("spark.broadcast.compress", "false")
        .set("spark.shuffle.compress", "false")
        .set("spark.shuffle.spill.compress", "false")
        .set("spark.rdd.compress", "false")
        // Contributions are checked and budgeted by Lethe, chunk by chunk.
        .set("spark.driver.maxResultSize", "0")
        .set("spark.sql.shuffle.partitions", String.valueOf(workers));
  }

  private static Path temporary() {
    try {
      Path folder = Files.createTempDirectory("lethe-warehouse-");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw RunErrors.io("creating a folder in", System.getProperty("java.io.tmpdir"), e);
    }
  }
}
