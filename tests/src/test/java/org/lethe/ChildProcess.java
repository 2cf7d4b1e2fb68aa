package org.lethe;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs Java programs on the tests' class path in child processes. */
public final class ChildProcess {
  /**
   * Options of processes that live for seconds: without the second compiler and the collector's
   * threads they start and end sooner. Results have the same bytes.
   */
  public static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private ChildProcess() {}

  /**
   * Returns a process to start.
   *
   * @param program class with a main method
   * @param properties system properties, name=value
   */
  public static ProcessBuilder builder(
      Class<?> program, List<String> arguments, String... properties) {
    List<String> all = new ArrayList<>(List.of(properties));
    // As jobs/bin/lethe does.
    all.add(
        "log4j2.configurationFile=file:"
            + System.getProperty("lethe.repository")
            + "/conf/log4j2.properties");
    return withProperties(program, arguments, all);
  }

  private static ProcessBuilder withProperties(
      Class<?> program, List<String> arguments, List<String> properties) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-Dorg.byte"))
        .forEach(command::add);
    command.add("-Xmx512m");
    command.addAll(SHORT_LIVED);
    for (String property : properties) {
      command.add("-D" + property);
    }
    command.addAll(List.of("-cp", classPath(), program.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /**
   * Returns a process that can start the executors of Spark's {@code local-cluster}. They use their
   * own class path, so the Spark home only has to look real. Spark's own log configuration prints
   * what happens to executors.
   *
   * @param folder for the Spark home and the working folder
   */
  public static ProcessBuilder onACluster(Path folder, Class<?> program, List<String> arguments)
      throws IOException {
    String repository = "lethe.repository=" + System.getProperty("lethe.repository");
    ProcessBuilder builder = withProperties(program, arguments, List.of(repository));
    Files.createDirectories(folder.resolve("home/jars"));
    builder.environment().put("SPARK_HOME", folder.resolve("home").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.directory(Files.createDirectories(folder.resolve("work")).toFile());
    return builder;
  }

  /** The class path, which Surefire hides in the manifest of a jar. */
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
