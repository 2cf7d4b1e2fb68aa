package org.lethe.jobs.command;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RequestBinding;
import org.lethe.jobs.config.RequestBinding.Request;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.tune.TuneBinding;
import org.lethe.jobs.console.BeforeAfterTable;
import org.lethe.jobs.console.Outcome;
import org.lethe.jobs.stage.IterationSequence;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.MergedStart;
import org.lethe.jobs.stage.RequestSequence;
import org.lethe.jobs.stage.RunArtifacts;
import org.lethe.jobs.stage.RunStages;
import org.lethe.run.Documents;
import org.lethe.run.retention.Deletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** A command that runs stages of a run. */
@Command(mixinStandardHelpOptions = true)
class StagesCommand extends LetheCommand {
  private final String name;
  private final Function<ConfigurationReader, List<Stage>> choice;

  private List<Stage> stages = List.of();
  private List<Request> requests = List.of();
  private List<RunPlan> ofRequests = List.of();
  private RunPlan plan;

  /**
   * @param choice of the stages that the command runs, in order
   */
  StagesCommand(String name, Function<ConfigurationReader, List<Stage>> choice) {
    this.name = name;
    this.choice = choice;
  }

  /** The command of one stage. */
  static CommandSpec of(Stage stage) {
    return specification(
        switch (stage) {
          case ATTACK -> new AttackCommand();
          case RELEASE -> new ReleaseCommand();
          default -> new StagesCommand(stage.word(), reader -> stage.ofCommand());
        },
        stage.description());
  }

  /** The command that runs the stages of lethe.pipeline.stages. */
  static CommandSpec pipeline() {
    return specification(
        new StagesCommand("pipeline", Stage::ofPipeline),
        "Runs all stages of lethe.pipeline.stages; those that are done are skipped.");
  }

  private static CommandSpec specification(StagesCommand command, String description) {
    CommandSpec specification = CommandSpec.forAnnotatedObject(command).name(command.name);
    specification.usageMessage().description(description);
    return specification;
  }

  @Override
  final String name() {
    return name;
  }

  /** Prepares the run before its first stage. */
  void prepare(JobContext context) {}

  /** Continues after the last stage, if none failed. */
  void conclude(JobContext context) {}

  /** Binds further keys of the command. */
  void bindOthers(ConfigurationReader reader) {}

  @Override
  final void bind(ConfigurationReader reader) {
    bindOthers(reader);
    stages = choice.apply(reader);
    requests = RequestBinding.read(reader, stages);
    // Each of several requests has a plan of its own.
    boolean single = requests.isEmpty() && !RequestBinding.areInTable(reader);
    plan = RunPlan.read(reader, single ? stages : List.of());
    if (IterationSequence.isConfigured(plan)) {
      IterationSequence.check(reader, stages);
    }
  }

  @Override
  final void check(Configuration configuration) {
    if (plan.unlearn().isPresent() && TuneBinding.isAutomatic(configuration.reader())) {
      TuneBinding.read(configuration, plan.workers());
    }
    ofRequests = RequestSequence.plans(configuration, requests, stages);
  }

  @Override
  void checkInputs(org.apache.hadoop.conf.Configuration hadoop) {
    List<RunPlan> all = new ArrayList<>(List.of(plan));
    all.addAll(ofRequests);
    InputChecks.check(all, hadoop);
  }

  @Override
  final int workers() {
    return plan.workers();
  }

  @Override
  final Outcome execute(JobContext given) {
    prepare(given);
    Outcome outcome = stagesOf(given);
    conclude(given);
    return outcome;
  }

  private Outcome stagesOf(JobContext given) {
    JobContext context = withMergedAdapter(given);
    if (!requests.isEmpty()) {
      return new RequestSequence(context, requests, stages).run();
    }
    if (Deletion.read(context.directory()).isPresent()) {
      // Shards and rows are deleted, or must be: no stage can run again.
      Deletion.finish(context.directory());
      return new Outcome(
          name() + " was decided before, and its text is deleted: " + context.directory(),
          new TreeMap<>(),
          paths(context));
    }
    if (IterationSequence.isConfigured(plan)) {
      IterationSequence sequence = new IterationSequence(context, plan);
      try {
        sequence.run();
      } finally {
        show(context, sequence.artifacts());
      }
      return done(context, sequence.artifacts());
    }
    RunStages work = new RunStages(context, plan);
    work.check(stages);
    try {
      for (Stage stage : stages) {
        running(stage.word());
        work.run(stage);
      }
    } finally {
      show(context, work.artifacts());
    }
    return done(context, work.artifacts());
  }

  /** Merges an adapter into the given model first, if there is one to merge. */
  private JobContext withMergedAdapter(JobContext given) {
    MergedStart start = new MergedStart(given, plan);
    Optional<URI> merged = start.model();
    merged.ifPresent(model -> plan = plan.withModel(model));
    return merged.map(start::context).orElse(given);
  }

  private Outcome done(JobContext context, RunArtifacts artifacts) {
    SortedMap<String, Double> figures = figures(artifacts);
    int deleted =
        stages.contains(Stage.RELEASE) ? Deletion.whenDue(context.directory(), Instant.now()) : 0;
    String text = deleted == 0 ? "" : "; " + deleted + " files with text deleted";
    return new Outcome(name() + " done: " + context.directory() + text, figures, paths(context));
  }

  /** Shows the figures, after a refusal too, when they matter most. */
  private void show(JobContext context, RunArtifacts artifacts) {
    if (stages.contains(Stage.EVALUATE) || stages.contains(Stage.RELEASE)) {
      BeforeAfterTable.lines(artifacts.figures("before"), artifacts.figures("after"))
          .forEach(context.terminal()::line);
      context.terminal().line("");
    }
  }

  private static SortedMap<String, Double> figures(RunArtifacts artifacts) {
    SortedMap<String, Double> figures = new TreeMap<>();
    for (String when : List.of("before", "after")) {
      artifacts
          .figures(when)
          .means()
          .forEach((name, value) -> figures.put(when + "." + name, value));
    }
    return figures;
  }

  private static SortedMap<String, String> paths(JobContext context) {
    SortedMap<String, String> paths = new TreeMap<>();
    List<Path> possible =
        List.of(
            context.directory().shards(),
            context.directory().candidate(),
            context.directory().model(),
            context.directory().adapter(),
            context.directory().refusedModel(),
            context.directory().evaluation("before"),
            context.directory().evaluation("after"),
            context.directory().roundsLog(),
            context.directory().record(),
            context.directory().report());
    for (Path path : possible) {
      if (Documents.exists(context.directory().fileSystem(), path)) {
        String relative = context.directory().relative(path);
        paths.put(relative.replaceAll("/$", ""), relative);
      }
    }
    return paths;
  }
}
