package org.lethe.jobs;

import java.util.List;
import picocli.CommandLine.Command;

/** Makes shards of the corpora. */
@Command(
    name = "shard",
    description = "Reads, checks and divides the corpora among workers.",
    mixinStandardHelpOptions = true)
final class ShardCommand extends StagesCommand {
  @Override
  String name() {
    return "shard";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return List.of(Stage.SHARD);
  }
}
