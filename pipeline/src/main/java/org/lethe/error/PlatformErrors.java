package org.lethe.error;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Failures of the machine: backend, native binary, device, memory. */
public final class PlatformErrors {
  private static final double GIB = 1L << 30;

  private PlatformErrors() {}

  public static LetheException wrongBackend(String requested, String loaded, String reason) {
    return ExitClass.PLATFORM.failure(
        "Backend not available: lethe.platform.backend = %s, but ND4J loaded %s (%s)",
        requested, loaded, reason);
  }

  /** Products in BFLOAT16 that this machine cannot compute. */
  public static LetheException noBfloatProducts(String reason) {
    return ExitClass.PLATFORM.failure(
        "Invalid lethe.platform.products: bfloat16, expected float on this machine: %s", reason);
  }

  /**
   * Products in a precision that a backend does not have.
   *
   * @param expected precisions of the backend
   */
  public static LetheException noSuchProducts(String products, String expected, String backend) {
    return ExitClass.USAGE.failure(
        "Invalid lethe.platform.products: %s, expected %s with the backend %s",
        products, expected, backend);
  }

  /** CUDA graphs with a backend that has none. */
  public static LetheException noGraphs(String backend) {
    return ExitClass.USAGE.failure(
        "Invalid lethe.platform.graphs: on, expected off with the backend %s", backend);
  }

  /**
   * ND4J cannot load. Its exceptions hold no data.
   *
   * @param folder where its libraries are unpacked
   * @param problems of folders, such as a noexec mount
   */
  public static LetheException nativeLibrary(
      String folder, List<String> problems, Throwable failure) {
    return ExitClass.PLATFORM.failure(
        failure,
        "Cannot load ND4J's native library from %s: %s; %s",
        folder,
        ErrorText.roots(failure),
        problems.isEmpty()
            ? "delete that folder, which may be damaged, and check that its disk has 1 GiB free"
            : String.join("; ", problems));
  }

  /** No folder of this user can be written. */
  public static LetheException noUserFolder(List<String> tried) {
    return ExitClass.PLATFORM.failure(
        "No private folder for caches and logs: none of %s can be created, or another user owns it;"
            + " set LETHE_CACHE to a folder that you can write",
        String.join(", ", tried));
  }

  /**
   * Too little memory, found before the work starts.
   *
   * @param what heap or native memory
   * @param neededBytes bytes that the work needs
   * @param availableBytes bytes that are free
   * @param detail parts that add up to the need
   * @param cure settings that help
   */
  public static LetheException notEnoughMemory(
      String what, long neededBytes, long availableBytes, String detail, String cure) {
    return ExitClass.PLATFORM.failure(
        "Not enough %s: %.2f GiB needed (%s), %.2f GiB available; %s",
        what, neededBytes / GIB, detail, availableBytes / GIB, cure);
  }

  /**
   * A file system whose jar is missing, if that is what an exception tells.
   *
   * @param path that was used, or what it was used for
   */
  public static Optional<LetheException> missingFileSystem(String path, Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage());
      boolean unknown = t.getClass().getSimpleName().equals("UnsupportedFileSystemException");
      if (unknown || (t instanceof ClassNotFoundException && message.contains("FileSystem"))) {
        return Optional.of(
            ExitClass.PLATFORM.failure(
                failure,
                "File system not available for %s: %s; add its jar, for s3a"
                    + " org.apache.hadoop:hadoop-aws in the version of Hadoop, with LETHE_JARS"
                    + " (jobs/bin/lethe), --packages or --jars (spark-submit)",
                path,
                ErrorText.oneLine(message)));
      }
    }
    return Optional.empty();
  }

  /** Memory that ran out while the work was going on. */
  public static LetheException outOfMemory(String message) {
    if (message.contains("native thread")) {
      return ExitClass.PLATFORM.failure(
          "Out of threads: the system gives this process no more; raise the limit of processes"
              + " (ulimit -u, or pids.max of the container), or take fewer workers");
    }
    boolean heap = message.contains("heap") || message.contains("GC overhead");
    return ExitClass.PLATFORM.failure(
        "Out of memory: %s ran out; lower lethe.unlearn.batch-size or micro-batch-size, take fewer"
            + " workers, or set LETHE_HEAP (spark-submit: --driver-memory, --executor-memory,"
            + " spark.executor.memoryOverhead)",
        heap ? "the Java heap" : "native memory");
  }

  public static LetheException unsupportedJava(int found, int latest, String reason) {
    return ExitClass.PLATFORM.failure(
        "Unsupported Java: %d, and Hadoop cannot log in on it (%s); run Lethe with Java 17 to %d,"
            + " set JAVA_HOME",
        found, ErrorText.oneLine(reason), latest);
  }

  public static LetheException noLogin(String account, String reason) {
    return ExitClass.PLATFORM.failure(
        "Hadoop cannot log in as %s: %s; add the account to /etc/passwd, as Spark's container"
            + " images do at their start, or check Kerberos (kinit, KRB5CCNAME)",
        account, ErrorText.oneLine(reason));
  }

  /**
   * A library other than ND4J cannot load its native part.
   *
   * @param problems of folders, such as a noexec mount
   */
  public static LetheException otherNativeLibrary(String message, List<String> problems) {
    return ExitClass.PLATFORM.failure(
        "Cannot load a native library: %s; %s",
        ErrorText.oneLine(message),
        problems.isEmpty()
            ? "this machine has Java "
                + System.getProperty("java.version")
                + " on "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch")
            : String.join("; ", problems));
  }

  /** A class or method that another version of Spark, Hadoop or Scala does not have. */
  public static Optional<LetheException> otherLibraryVersion(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      boolean missing =
          t instanceof IncompatibleClassChangeError
              || t instanceof NoClassDefFoundError
              || t instanceof ClassNotFoundException;
      String message = String.valueOf(t.getMessage());
      if (missing && message.matches(".*\\b(org[./]apache[./]|scala[./]).*")) {
        return Optional.of(otherLibraryVersion(t.getClass().getSimpleName() + ": " + message));
      }
    }
    return Optional.empty();
  }

  private static LetheException otherLibraryVersion(String message) {
    return ExitClass.PLATFORM.failure(
        "A library has another version than Lethe needs: %s; Lethe runs on Spark 3.5 to 4.2 with"
            + " the Hadoop that comes with it; remove other versions from the class path",
        ErrorText.oneLine(message));
  }

  public static LetheException fileNameEncoding(String encoding) {
    return ExitClass.PLATFORM.failure(
        "A file name cannot be opened: Java encodes file names as %s here; set LC_ALL=C.UTF-8 (on"
            + " executors spark.executorEnv.LC_ALL), or use a name in ASCII",
        encoding);
  }

  public static LetheException cannotListen(String message) {
    return ExitClass.PLATFORM.failure(
        "Spark cannot listen on an address: %s; set SPARK_LOCAL_IP to an address of this machine,"
            + " or spark.driver.bindAddress and spark.driver.port in lethe.spark.settings",
        ErrorText.oneLine(message));
  }

  public static LetheException noHostName(String name) {
    return ExitClass.PLATFORM.failure(
        "Spark needs an address of this machine, and the host name '%s' does not resolve; add it to"
            + " /etc/hosts, or set SPARK_LOCAL_IP (127.0.0.1 for embedded Spark)",
        ErrorText.oneLine(name));
  }

  /** Spark's scheduler ended a job. Its own words name the setting. */
  public static LetheException sparkRefused(String reason) {
    return ExitClass.PLATFORM.failure(
        "Spark ended a job: %s; see lethe.spark.settings, or --conf of spark-submit, for the"
            + " setting, and spark.executor.memoryOverhead for a lost executor",
        ErrorText.oneLine(reason));
  }

  /**
   * Spark does not start. No row was read before that, so its messages hold no text.
   *
   * @param scrub takes the values of secret settings out of a message
   */
  public static LetheException sparkDidNotStart(
      ExitClass exitClass, Throwable failure, UnaryOperator<String> scrub) {
    return exitClass.failure(
        failure,
        "Spark did not start: %s; check lethe.spark.settings, spark-defaults.conf and the folders"
            + " that they name",
        scrub.apply(ErrorText.roots(failure)));
  }
}
