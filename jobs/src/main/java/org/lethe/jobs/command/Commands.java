package org.lethe.jobs.command;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.lethe.error.ExitClass;
import org.lethe.jobs.console.Failure;
import org.lethe.jobs.console.Terminal;
import org.lethe.jobs.stage.StageWorks;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** The list of commands. */
public final class Commands {
  private static final String RUN_DIRECTORY = "--run-dir";

  private Commands() {}

  /** Adds every command to a command line, in the order in which its help lists them. */
  public static void addTo(CommandLine commandLine) {
    commandLine.addSubcommand(new QuickstartCommand());
    commandLine.addSubcommand(new EraseCommand());
    commandLine.addSubcommand(new CommandLine(StagesCommand.pipeline()));
    StageWorks.ALL.forEach(
        work -> commandLine.addSubcommand(new CommandLine(StagesCommand.of(work.stage()))));
    commandLine.addSubcommand(new TuneCommand());
    commandLine.addSubcommand(new FindCommand());
    commandLine.addSubcommand(new ScoreCommand());
    commandLine.addSubcommand(new VerifyCommand());
    commandLine.addSubcommand(new BenchmarkCommand());
    commandLine.addSubcommand(new StatusCommand());
    commandLine.addSubcommand(new UnlockCommand());
    commandLine.addSubcommand(new PurgeCommand());
    commandLine.addSubcommand(new DoctorCommand());
    commandLine.addSubcommand(new HelpCommand());
  }

  /**
   * Writes result.json for a command whose flags are invalid, if they name a run directory.
   *
   * @param command its name, or that of the command line
   * @param arguments all arguments as given
   * @param message without secrets
   */
  public static void recordUsageError(String command, String[] arguments, String message) {
    List<String> all = List.of(arguments);
    for (int i = 0; i < all.size(); i++) {
      String argument = all.get(i);
      String directory =
          argument.equals(RUN_DIRECTORY) && i + 1 < all.size()
              ? all.get(i + 1)
              : argument.startsWith(RUN_DIRECTORY + "=")
                  ? argument.substring(RUN_DIRECTORY.length() + 1)
                  : "";
      if (!directory.isEmpty()) {
        CommandRun run = new CommandRun(command, Instant.now());
        run.intend(directory, Map.of());
        run.tryFinish(Terminal.ofProcess(), new Failure(ExitClass.USAGE, message));
        return;
      }
    }
  }
}
