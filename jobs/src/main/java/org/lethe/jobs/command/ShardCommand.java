package org.lethe.jobs.command;

import java.util.List;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Stage;
import picocli.CommandLine.Command;

/** Makes shards of the corpora. */
@Command(
    name = "shard",
    description = "Reads, checks and divides the corpora among workers.",
    mixinStandardHelpOptions = true)
public final class ShardCommand extends StagesCommand {
  @Override
  String name() {
    return "shard";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return List.of(Stage.SHARD);
  }
}
