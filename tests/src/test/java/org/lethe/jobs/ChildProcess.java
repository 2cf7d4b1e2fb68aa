package org.lethe.jobs;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs Java programs on the tests' class path in child processes. */
final class ChildProcess {
  private ChildProcess() {}

  /**
   * Returns a process to start.
   *
   * @param class with a main method
   * @param properties system properties, name=value
   */
  static ProcessBuilder builder(Class<?> program, List<String> arguments, String... properties) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-Dorg.byte"))
        .forEach(command::add);
    command.add("-Xmx512m");
    // As jobs/bin/lethe does.
    command.add(
        "-Dlog4j2.configurationFile=file:"
            + System.getProperty("lethe.repository")
            + "/conf/log4j2.properties");
    for (String property : properties) {
      command.add("-D" + property);
    }
    // Surefire hides the class path in the manifest of a jar.
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            program.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }
}
