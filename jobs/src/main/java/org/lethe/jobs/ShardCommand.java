package org.lethe.jobs;

import java.util.TreeMap;
import org.lethe.corpus.ShardSettings;
import picocli.CommandLine.Command;

/** Corpora to shards. */
@Command(
    name = "shard",
    description = "Reads, checks and deduplicates both corpora and divides them among workers.",
    mixinStandardHelpOptions = true)
final class ShardCommand extends LetheCommand {
  private ModelSettings model;
  private ShardSettings settings;

  @Override
  String name() {
    return "shard";
  }

  @Override
  void bind(ConfigurationReader reader) {
    model = ModelSettings.read(reader);
    settings = ShardStage.read(reader);
  }

  @Override
  int workers() {
    return settings.workers();
  }

  @Override
  Outcome execute(JobContext context) {
    new ShardStage(settings).run(context, model);
    TreeMap<String, String> paths = new TreeMap<>();
    paths.put("shards", context.directory().relative(context.directory().shards()));
    return new Outcome("Shards are in " + context.directory().shards(), new TreeMap<>(), paths);
  }
}
