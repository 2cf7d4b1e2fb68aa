package org.lethe.platform;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.login.LoginException;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.PlatformErrors;
import org.lethe.error.RunErrors;

/**
 * Failures of the machine, of Hadoop and of Spark among exceptions that Lethe did not throw. Each
 * rule names the cause, what was found, and the setting that helps. A message is quoted only where
 * it cannot hold text of a corpus.
 */
public final class KnownFailures {
  private static final int LATEST_JAVA = 21;

  /** In this order: the first that knows one exception of the chain explains all. */
  private static final List<Function<Throwable, Optional<LetheException>>> RULES =
      List.of(
          KnownFailures::memory,
          KnownFailures::files,
          KnownFailures::fileSystem,
          KnownFailures::login,
          KnownFailures::nativeLibrary,
          PlatformErrors::otherLibraryVersion,
          KnownFailures::fileName,
          KnownFailures::address,
          KnownFailures::spark);

  /** Spark's own limits, by the words of its scheduler, and lost executors. */
  private static final List<Pattern> SPARK =
      List.of(
          Pattern.compile(
              "Total size of serialized results of .*? is bigger than"
                  + " spark\\.driver\\.maxResultSize \\([^)\\n]*\\)"),
          Pattern.compile(
              "Serialized task \\S+ was \\d+ bytes, which exceeds max allowed:"
                  + " spark\\.rpc\\.message\\.maxSize \\(\\d+ bytes\\)"),
          Pattern.compile("Cannot broadcast the table that is larger than [\\w.: ]+"),
          Pattern.compile("\\[SPARK-\\d+\\]: Barrier execution mode[^\\n]*"),
          Pattern.compile(
              "[\\w ]{0,40}(?:in|after) [\\[\\]\\w .]{1,40}\\. This timeout is controlled by"
                  + " spark\\.[\\w.]+"),
          Pattern.compile("ExecutorLostFailure \\([^\\n]*"),
          Pattern.compile("Failed to connect to [\\w.:/-]+"),
          Pattern.compile("Failed to get broadcast_\\w+"));

  private KnownFailures() {}

  /** Returns the exception of Lethe in the chain, or else the explanation of a known failure. */
  public static Optional<LetheException> find(Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    for (Throwable t : chain) {
      if (t instanceof LetheException ours) {
        return Optional.of(ours);
      }
    }
    return RULES.stream()
        .flatMap(rule -> chain.stream().flatMap(t -> rule.apply(t).stream()))
        .findFirst();
  }

  private static List<Throwable> chain(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  private static Optional<LetheException> memory(Throwable t) {
    return t instanceof OutOfMemoryError
        ? Optional.of(PlatformErrors.outOfMemory(message(t)))
        : Optional.empty();
  }

  /** A full disk or a lack of permission, which Hadoop throws as an Error too (FSError). */
  private static Optional<LetheException> files(Throwable t) {
    if (!(t instanceof IOException io)) {
      return Optional.empty();
    }
    LetheException known = RunErrors.io("using", "a file of this run", io);
    return known.exitClass() == ExitClass.PLATFORM ? Optional.of(known) : Optional.empty();
  }

  private static Optional<LetheException> fileSystem(Throwable t) {
    return PlatformErrors.missingFileSystem("a file of this run", t);
  }

  private static Optional<LetheException> login(Throwable t) {
    if (t instanceof UnsupportedOperationException && message(t).contains("getSubject")) {
      return Optional.of(
          PlatformErrors.unsupportedJava(Runtime.version().feature(), LATEST_JAVA, message(t)));
    }
    return t instanceof LoginException
        ? Optional.of(PlatformErrors.noLogin(Account.name(), message(t)))
        : Optional.empty();
  }

  private static Optional<LetheException> nativeLibrary(Throwable t) {
    boolean later =
        t instanceof NoClassDefFoundError
            && message(t).matches(".*(xerial|bytedeco|zstd|com[./]sun[./]jna|ai[./]djl|nd4j).*");
    return t instanceof UnsatisfiedLinkError || later
        ? Optional.of(PlatformErrors.otherNativeLibrary(message(t), NativeFolders.problems()))
        : Optional.empty();
  }

  private static Optional<LetheException> fileName(Throwable t) {
    return t instanceof InvalidPathException
        ? Optional.of(
            PlatformErrors.fileNameEncoding(System.getProperty("sun.jnu.encoding", "unknown")))
        : Optional.empty();
  }

  private static Optional<LetheException> address(Throwable t) {
    return t instanceof BindException
        ? Optional.of(PlatformErrors.cannotListen(message(t)))
        : Optional.empty();
  }

  private static Optional<LetheException> spark(Throwable t) {
    String text = message(t);
    return t.getClass().getName().startsWith("org.apache.spark.")
        ? SPARK.stream()
            .map(pattern -> pattern.matcher(text))
            .filter(Matcher::find)
            .findFirst()
            .map(found -> PlatformErrors.sparkRefused(found.group()))
        : Optional.empty();
  }

  private static String message(Throwable t) {
    return String.valueOf(t.getMessage());
  }
}
