package org.lethe.jobs.command;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.error.EvaluationErrors;
import org.lethe.error.LetheException;
import org.lethe.error.SecretText;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.stage.JobContext;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.RunDocument;
import org.lethe.run.retention.Deletion;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The attack stage on a finished run, and a new decision. The configuration is that of the run, so
 * that no file has to be given again.
 */
final class AttackCommand extends StagesCommand {
  private static final List<String> NOT_OF_THE_RUN = List.of("lethe.spark.", "lethe.run-dir");

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
    List<String> keys = new ArrayList<>(directory.isEmpty() ? List.of() : recorded(directory));
    if (!retrained.isEmpty()) {
      keys.add("lethe.attack.retrained=" + retrained);
    }
    return keys;
  }

  private static List<String> recorded(String directory) {
    RunDirectory run = RunDirectory.at(Uris.path(directory), new Configuration());
    List<String> keys = new ArrayList<>();
    try {
      if (Documents.exists(run.fileSystem(), run.runDocument())) {
        Documents.read(run.fileSystem(), run.runDocument(), RunDocument.class)
            .configuration()
            .forEach(
                (key, value) -> {
                  if (NOT_OF_THE_RUN.stream().noneMatch(key::startsWith)
                      && !value.contains(SecretText.MASK)) {
                    keys.add(key + "=" + value);
                  }
                });
      }
    } catch (LetheException e) {
      // A store that needs settings of Spark: the user gives the configuration again.
      return List.of();
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
