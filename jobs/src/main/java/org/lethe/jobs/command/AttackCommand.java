package org.lethe.jobs.command;

import java.util.ArrayList;
import java.util.List;
import org.lethe.error.EvaluationErrors;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.stage.JobContext;
import org.lethe.run.retention.Deletion;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The attack stage on a finished run, and a new decision. The configuration is that of the run, so
 * that no file has to be given again.
 */
final class AttackCommand extends StagesCommand {
  @Parameters(
      paramLabel = "RUN_DIR",
      arity = "0..1",
      description = "The run directory, as --run-dir: a path or a URI.")
  private String runDirectory = "";

  @Option(
      names = "--retrained",
      paramLabel = "MODEL",
      description =
          "Model directory of a model that was trained without the forget rows: the control of"
              + " relearning, and what the depth of unlearning needs.")
  private String retrained = "";

  AttackCommand() {
    super(Stage.ATTACK.word(), reader -> Stage.ATTACK.ofCommand());
  }

  @Override
  String defaultRunDirectory() {
    return runDirectory;
  }

  /** The configuration of the last command on the run, and the flags. */
  @Override
  List<String> scenario(String directory) {
    List<String> keys = new ArrayList<>(RecordedKeys.of(directory));
    if (!retrained.isEmpty()) {
      keys.add("lethe.attack.retrained=" + retrained);
    }
    return keys;
  }

  @Override
  void prepare(JobContext context) {
    if (Deletion.read(context.directory()).isPresent()) {
      throw EvaluationErrors.attackWithoutText(context.directory().toString());
    }
  }
}
