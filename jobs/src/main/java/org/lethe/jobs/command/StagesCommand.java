package org.lethe.jobs.command;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RequestBinding;
import org.lethe.jobs.config.RequestBinding.Request;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.console.BeforeAfterTable;
import org.lethe.jobs.console.Outcome;
import org.lethe.jobs.stage.IterationSequence;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.RequestSequence;
import org.lethe.jobs.stage.RevealedText;
import org.lethe.jobs.stage.RunArtifacts;
import org.lethe.jobs.stage.RunStages;
import org.lethe.run.Documents;

/** A command that runs stages. */
abstract class StagesCommand extends LetheCommand {
  private List<Stage> stages = List.of();
  private List<Request> requests = List.of();
  private RunPlan plan;

  /** What it runs, in order. */
  abstract List<Stage> stages(ConfigurationReader reader);

  /** What has to be there before the first stage. */
  void prepare(JobContext context) {}

  @Override
  final void bind(ConfigurationReader reader) {
    stages = stages(reader);
    requests = RequestBinding.read(reader, stages);
    // With several requests each has a plan of its own.
    plan = RunPlan.read(reader, requests.isEmpty() ? stages : List.of());
    if (IterationSequence.isAsked(plan, stages)) {
      IterationSequence.check(reader, stages);
    }
  }

  @Override
  final void check(Configuration configuration) {
    RequestSequence.check(configuration, requests, stages);
  }

  @Override
  final int workers() {
    return plan.workers();
  }

  @Override
  final Outcome execute(JobContext context) {
    prepare(context);
    if (!requests.isEmpty()) {
      return new RequestSequence(context, requests, stages).run();
    }
    if (RevealedText.isDeletedOnRelease(plan) && RevealedText.isReleased(context.directory())) {
      // Shards and rows are gone, or have to go: nothing can be looked at again.
      RevealedText.delete(context.directory());
      return new Outcome(
          name() + " was released before, and what it revealed is deleted: " + context.directory(),
          new TreeMap<>(),
          paths(context));
    }
    if (IterationSequence.isAsked(plan, stages)) {
      IterationSequence sequence = new IterationSequence(context, plan);
      try {
        sequence.run();
      } finally {
        show(context, sequence.contents());
      }
      return done(context, sequence.contents());
    }
    RunStages work = new RunStages(context, plan);
    work.check();
    try {
      stages.forEach(work::run);
    } finally {
      show(context, work.contents());
    }
    return done(context, work.contents());
  }

  private Outcome done(JobContext context, RunArtifacts contents) {
    return new Outcome(name() + " done: " + context.directory(), figures(contents), paths(context));
  }

  /** Also after a refusal: that is when the figures matter most. */
  private void show(JobContext context, RunArtifacts contents) {
    if (stages.contains(Stage.EVALUATE) || stages.contains(Stage.RELEASE)) {
      BeforeAfterTable.lines(contents.figures("before"), contents.figures("after"))
          .forEach(context.terminal()::line);
      context.terminal().line("");
    }
  }

  private static SortedMap<String, Double> figures(RunArtifacts contents) {
    SortedMap<String, Double> figures = new TreeMap<>();
    for (String when : List.of("before", "after")) {
      contents.figures(when).forEach((name, value) -> figures.put(when + "." + name, value));
    }
    return figures;
  }

  private static SortedMap<String, String> paths(JobContext context) {
    SortedMap<String, String> paths = new TreeMap<>();
    List<Path> made =
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
    for (Path path : made) {
      if (Documents.exists(context.directory().fileSystem(), path)) {
        String relative = context.directory().relative(path);
        paths.put(relative.replaceAll("/$", ""), relative);
      }
    }
    return paths;
  }
}
