package org.lethe.jobs.command;

import org.lethe.jobs.stage.StageWorks;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** The list of commands. */
public final class Commands {
  private Commands() {}

  /** Adds every command to a command line, in the order in which its help lists them. */
  public static void addTo(CommandLine commandLine) {
    commandLine.addSubcommand(new QuickstartCommand());
    commandLine.addSubcommand(new EraseCommand());
    commandLine.addSubcommand(new CommandLine(StagesCommand.pipeline()));
    StageWorks.ALL.forEach(
        work -> commandLine.addSubcommand(new CommandLine(StagesCommand.of(work.stage()))));
    commandLine.addSubcommand(new FindCommand());
    commandLine.addSubcommand(new ScoreCommand());
    commandLine.addSubcommand(new VerifyCommand());
    commandLine.addSubcommand(new BenchmarkCommand());
    commandLine.addSubcommand(new UnlockCommand());
    commandLine.addSubcommand(new DoctorCommand());
    commandLine.addSubcommand(new HelpCommand());
  }
}
