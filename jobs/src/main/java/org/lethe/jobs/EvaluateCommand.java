package org.lethe.jobs;

import java.util.TreeMap;
import org.lethe.jobs.EvaluatingStage.When;
import picocli.CommandLine.Command;

/** Figures of the model that was given and, if there is one, of the candidate. */
@Command(
    name = "evaluate",
    description = "Measures what the model recites of both sets, before and after unlearning.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand extends LetheCommand {
  private ModelSettings model;
  private EvaluatingStage stage;

  @Override
  String name() {
    return "evaluate";
  }

  @Override
  void bind(ConfigurationReader reader) {
    model = ModelSettings.read(reader);
    stage = EvaluatingStage.read(reader);
  }

  @Override
  int workers() {
    return stage.workers();
  }

  @Override
  Outcome execute(JobContext context) {
    stage.run(context, model, When.BEFORE);
    boolean unlearned = context.stages().standing(context.directory().candidate()).isPresent();
    if (unlearned) {
      stage.run(context, model, When.AFTER);
    }
    When last = unlearned ? When.AFTER : When.BEFORE;
    TreeMap<String, String> paths = new TreeMap<>();
    paths.put(
        "evaluation", context.directory().relative(context.directory().evaluation(last.label())));
    return new Outcome(
        "Figures are in " + context.directory().evaluation(last.label()),
        new TreeMap<>(EvaluatingStage.summary(context, last).means()),
        paths);
  }
}
