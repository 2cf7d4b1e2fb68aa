package org.lethe.jobs.command;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.error.LetheException;
import org.lethe.jobs.console.Failure;
import org.lethe.jobs.stage.Versions;
import org.lethe.platform.NativeFolders;
import org.lethe.platform.UserFolder;
import org.lethe.spark.SparkJob;

/** Tries what a run will need of the machine, apart from arithmetic. */
final class MachineChecks {
  private static final double GIB = 1L << 30;

  /** Native libraries take 0.6 GiB when unpacked, and Spark needs room for its own files. */
  private static final double LEAST_FREE_GIB = 1;

  private final List<String> problems = new ArrayList<>();

  /** What is wrong, in the order of the checks. */
  List<String> problems() {
    return problems;
  }

  /** Finds the folders of native libraries, of copies of models and of Spark's own files. */
  String folders(String modelCache) {
    problems.addAll(NativeFolders.problems());
    Optional<Path> models =
        modelCache.isEmpty()
            ? tried(() -> UserFolder.of("models"))
            : Optional.of(Path.of(modelCache));
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    List<String> words = new ArrayList<>();
    words.add(room("native libraries", NativeFolders.ofNd4j()));
    models.ifPresent(folder -> words.add(room("copies of models", folder)));
    words.add(room("temporary files", temporary));
    return String.join("; ", words);
  }

  /** Logs in to Hadoop and finds this machine's address. */
  String account() {
    return tried(
            () -> {
              SparkSessions.login();
              SparkSessions.requireAddress();
              return UserGroupInformation.getCurrentUser().getShortUserName();
            })
        .orElse("not usable");
  }

  /** Starts Spark and runs a job in it. */
  String spark(String master, int workers, Map<String, String> settings) {
    return tried(
            () -> {
              boolean exists = SparkSession.getDefaultSession().isDefined();
              SparkSession session = SparkSessions.open("lethe doctor", master, workers, settings);
              try {
                JavaSparkContext context =
                    JavaSparkContext.fromSparkContext(session.sparkContext());
                List<Integer> numbers = List.of(1, 2, 3);
                long found =
                    SparkJob.run(
                        context, "doctor", () -> context.parallelize(numbers, workers).count());
                return "started at " + context.master() + ", and ran a job of " + found + " rows";
              } finally {
                if (!exists) {
                  session.stop();
                }
              }
            })
        .orElse("did not start");
  }

  /** Runs a check. Its failure is a problem, and there is then no result. */
  private <T> Optional<T> tried(Callable<T> check) {
    try {
      return Optional.of(check.call());
    } catch (LetheException e) {
      problems.add(e.getMessage());
    } catch (Exception | LinkageError e) {
      problems.add(Failure.of(e, "the log", Versions.inOneLine()).message());
    }
    return Optional.empty();
  }

  private String room(String purpose, Path folder) {
    Path existing = folder.toAbsolutePath();
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      FileStore store = Files.getFileStore(existing);
      double free = store.getUsableSpace() / GIB;
      if (!Files.isWritable(existing)) {
        problems.add("the folder for " + purpose + " cannot be written: " + folder);
      } else if (free < LEAST_FREE_GIB) {
        problems.add(
            String.format(
                Locale.ROOT,
                "only %.2f GiB are free for %s in %s; free space, or set %s",
                free,
                purpose,
                folder,
                purpose.startsWith("temporary")
                    ? "-Djava.io.tmpdir in LETHE_JAVA_OPTIONS and spark.local.dir"
                    : UserFolder.VARIABLE));
      }
      return String.format(Locale.ROOT, "%s in %s, %.1f GiB free", purpose, folder, free);
    } catch (IOException e) {
      problems.add("the folder for " + purpose + " cannot be used: " + folder);
      return purpose + " in " + folder;
    }
  }
}
