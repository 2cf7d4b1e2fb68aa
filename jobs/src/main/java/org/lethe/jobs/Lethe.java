package org.lethe.jobs;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.lethe.error.ExitClass;
import org.lethe.error.NameSuggestion;
import org.lethe.error.SecretText;
import org.lethe.jobs.command.Commands;
import org.lethe.jobs.stage.Versions;
import org.lethe.tensor.NativeBackend;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line.
 *
 * <p>{@link #main} returns on success and never exits with 0: under YARN's cluster mode the exit of
 * a driver before main returns can be reported as a failure.
 */
@Command(
    name = "lethe",
    description = "Makes language models forget, on Apache Spark.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    version = Versions.LETHE,
    footer = {
      "",
      "Exit status: 0 success, 1 defect, 2 usage, 3 input, 4 gate, 5 conflict, 6 diverged,",
      "7 no effect, 8 platform, 9 evidence, 10 interrupted, 11 no baseline. result.json in the run",
      "directory explains it in words."
    })
public final class Lethe implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Lethe() {}

  public static void main(String[] arguments) {
    int status = execute(arguments);
    if (status != ExitClass.SUCCESS.status()) {
      System.exit(status);
    }
  }

  /** For spark-submit: one command with its flags. */
  static void submit(String command, String[] flags) {
    String[] arguments = new String[flags.length + 1];
    arguments[0] = command;
    System.arraycopy(flags, 0, arguments, 1, flags.length);
    main(arguments);
  }

  /**
   * Runs one command and returns its exit status.
   *
   * @param arguments the command and its flags
   */
  public static int execute(String... arguments) {
    // Before any class of ND4J loads.
    NativeBackend.prepare();
    return commandLine().execute(arguments);
  }

  private static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Lethe());
    Commands.addTo(commandLine);
    commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    commandLine.setParameterExceptionHandler(Lethe::explain);
    return commandLine;
  }

  /** Fails, since the command is missing. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /** Prints one line, and suggestions if there are any. */
  private static int explain(ParameterException failure, String[] arguments) {
    CommandLine commandLine = failure.getCommandLine();
    PrintWriter err = commandLine.getErr();
    String message = withoutValues(failure);
    err.println(message);
    if (!printedFlags(failure, err)) {
      CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    }
    err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
    Commands.recordUsageError(commandLine.getCommandName(), arguments, message);
    return ExitClass.USAGE.status();
  }

  /**
   * The message of an unknown argument repeats it. Its value, and what follows, may be a secret.
   */
  private static String withoutValues(ParameterException failure) {
    String message = failure.getMessage();
    if (failure instanceof UnmatchedArgumentException unmatched) {
      boolean follows = false;
      for (String argument : unmatched.getUnmatched()) {
        boolean flag = argument.startsWith("-");
        String shown =
            follows && !flag
                ? SecretText.MASK
                : argument.replaceFirst("=.*", "=" + SecretText.MASK);
        message = message.replace("'" + argument + "'", "'" + shown + "'");
        follows = flag;
      }
    }
    return SecretText.masked(message);
  }

  /** Prints the nearest flag for each unknown one; false if there is none. */
  private static boolean printedFlags(ParameterException failure, PrintWriter err) {
    if (!(failure instanceof UnmatchedArgumentException unmatched)) {
      return false;
    }
    Set<String> known = failure.getCommandLine().getCommandSpec().optionsMap().keySet();
    boolean printed = false;
    for (String argument : unmatched.getUnmatched()) {
      String flag = argument.replaceFirst("=.*", "");
      Optional<String> nearest =
          flag.startsWith("--") ? NameSuggestion.of(flag, known) : Optional.empty();
      if (nearest.isPresent()) {
        err.println(flag + ": did you mean " + nearest.get() + "?");
        printed = true;
      }
    }
    return printed;
  }
}
