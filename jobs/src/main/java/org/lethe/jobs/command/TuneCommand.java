package org.lethe.jobs.command;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.tuning.CandidateResult;
import org.lethe.evaluation.tuning.TuningResult;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.tune.TuneBinding;
import org.lethe.jobs.console.Outcome;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.RunStages;
import org.lethe.report.TuningReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Chooses the settings of the unlearn stage by short runs, and writes them. */
@Command(
    name = "tune",
    description = {
      "Tries methods, learning rates and gammas in short runs and chooses the one that reaches the"
          + " forget target and keeps most of the retain rows. Writes tune/chosen.conf, for"
          + " --config, with a table and a plot of all candidates.",
      "Uses the settings of conf/erase.conf; --config and --set override them and the flags."
    },
    mixinStandardHelpOptions = true)
final class TuneCommand extends LetheCommand {
  private static final List<Stage> STAGES = List.of(Stage.SHARD, Stage.UNLEARN);

  @Mixin private EraseFlags flags = new EraseFlags();

  private RunPlan plan;

  @Override
  String name() {
    return "tune";
  }

  @Override
  List<String> scenarioFiles() {
    return List.of(EraseFlags.SCENARIO);
  }

  @Override
  List<String> scenario(String runDirectory) {
    return flags.keys();
  }

  @Override
  Map<String, String> flags() {
    return EraseFlags.byKey(super.flags());
  }

  @Override
  void bind(ConfigurationReader reader) {
    plan = RunPlan.read(reader, STAGES);
    if (plan.revealed().isPresent()) {
      reader.problem("lethe.reveal.cards", "[]; erase tunes on what it reveals");
    }
  }

  @Override
  void check(Configuration configuration) {
    TuneBinding.read(configuration, plan.workers());
  }

  @Override
  void checkInputs(org.apache.hadoop.conf.Configuration hadoop) {
    InputChecks.check(List.of(plan), hadoop);
  }

  @Override
  int workers() {
    return plan.workers();
  }

  @Override
  Outcome execute(JobContext context) {
    RunStages stages = new RunStages(context, plan);
    stages.check(STAGES);
    stages.run(Stage.SHARD);
    TuningResult result = stages.tune();
    SortedMap<String, Double> figures = new TreeMap<>();
    for (CandidateResult one : result.candidates()) {
      String name = one.candidate().name();
      one.forget(result.figure()).ifPresent(v -> figures.put(name + "." + result.metric(), v));
      one.retainRise().ifPresent(v -> figures.put(name + ".retain-loss-rise", v));
    }
    SortedMap<String, String> paths = new TreeMap<>();
    for (String file : List.of(TuningReport.CHOSEN, TuningReport.TABLE, TuningReport.PAGE)) {
      paths.put(file, "tune/" + file);
    }
    return new Outcome(
        "tune done: " + context.directory() + "/tune/" + TuningReport.CHOSEN, figures, paths);
  }
}
