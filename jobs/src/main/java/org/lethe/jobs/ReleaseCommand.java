package org.lethe.jobs;

import picocli.CommandLine.Command;

/** Gates, release, record and report. */
@Command(
    name = "release",
    description = "Releases the candidate if every gate holds; writes record.json and report.html.",
    mixinStandardHelpOptions = true)
final class ReleaseCommand extends LetheCommand {
  private ModelSettings model;
  private ReleaseStage stage;

  @Override
  String name() {
    return "release";
  }

  @Override
  void bind(ConfigurationReader reader) {
    model = ModelSettings.read(reader);
    stage = ReleaseStage.read(reader);
  }

  @Override
  int workers() {
    return 1;
  }

  @Override
  Outcome execute(JobContext context) {
    return stage.run(context, model);
  }
}
