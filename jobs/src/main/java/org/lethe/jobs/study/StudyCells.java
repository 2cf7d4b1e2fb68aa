package org.lethe.jobs.study;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.BenchmarkErrors;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Figure;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.RunArtifacts;
import org.lethe.jobs.stage.RunStages;
import org.lethe.report.StudyDocument.Cell;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/** Finds the finished cells of a study, and computes the others. */
final class StudyCells {
  private static final String CELL = "cell.json";
  private static final double PER_SECOND = 1e-9;

  private final JobContext home;
  private final StudyEvaluation evaluation;
  private final Function<List<EvaluationRow>, SortedMap<String, Figure>> figures;
  private final FileSystem files;

  /**
   * @param home the study's own directory
   * @param figures of a model from its rows
   */
  StudyCells(
      JobContext home,
      StudyEvaluation evaluation,
      Function<List<EvaluationRow>, SortedMap<String, Figure>> figures) {
    this.home = home;
    this.evaluation = evaluation;
    this.figures = figures;
    this.files = home.directory().fileSystem();
  }

  /**
   * The inputs of one cell.
   *
   * @param name of its folder
   * @param configuration with rate and seed
   * @param fingerprint of everything that the cell depends on
   * @param start the model that unlearning begins with
   * @param shards the run that has its shards
   */
  record Task(
      String name,
      String method,
      double rate,
      long seed,
      Configuration configuration,
      String fingerprint,
      URI start,
      RunDirectory shards) {}

  /**
   * The cell of a task.
   *
   * @throws LetheException CONFLICT if the cell in its folder has other inputs
   */
  Cell cell(Task task) {
    Path document = new Path(directory(task).root(), CELL);
    JobContext context = home.in(directory(task)).with(task.configuration);
    if (!Documents.exists(files, document)) {
      Cell computed = compute(task, context);
      Documents.write(files, document, computed);
      return computed;
    }
    Cell found = Documents.read(files, document, Cell.class);
    if (!found.fingerprint().equals(task.fingerprint)) {
      throw BenchmarkErrors.cellChanged(directory(task).toString());
    }
    // Computed again from the rows: a later version may have more figures.
    return found.failure().isPresent()
        ? found
        : found.withFigures(figures.apply(StudyEvaluation.read(context)));
  }

  private Cell compute(Task task, JobContext context) {
    long start = System.nanoTime();
    Optional<String> failure = Optional.empty();
    SortedMap<String, Figure> found = new TreeMap<>();
    RunPlan plan = Study.plan(task.configuration).withModel(task.start);
    RunArtifacts artifacts = new RunArtifacts(context, plan, task.shards);
    try {
      new RunStages(context, plan, artifacts).run(Stage.UNLEARN);
      found =
          figures.apply(
              evaluation.rows(
                  context, plan, artifacts.candidateSource(), artifacts.candidateBase()));
    } catch (LetheException e) {
      if (e.exitClass() != ExitClass.DIVERGED && e.exitClass() != ExitClass.NO_EFFECT) {
        throw e;
      }
      // A rate that is too large or too small is a result too.
      failure = Optional.of(e.exitClass().name());
    }
    double seconds = (System.nanoTime() - start) * PER_SECOND;
    return new Cell(task.fingerprint, task.method, task.rate, task.seed, seconds, failure, found);
  }

  /** The weights of a task, until they are deleted. */
  URI model(Task task) {
    return new Path(directory(task).candidate(), "model").toUri();
  }

  /** Deletes a task's weights; its rows and figures stay. */
  void dropWeights(Task task) {
    Documents.delete(files, new Path(directory(task).candidate(), "model"));
    Documents.delete(files, new Path(directory(task).candidate(), "adapter"));
    Documents.delete(files, directory(task).rounds());
  }

  private RunDirectory directory(Task task) {
    return home.directory().nested("cells").nested(task.name);
  }
}
