package org.lethe.jobs.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Stage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The pipeline for an erasure request, with plain flags: a model, what to forget and what to keep.
 * The flags become keys above conf/erase.conf and below {@code --config} and {@code --set}.
 */
@Command(
    name = "erase",
    description = {
      "Makes a model forget rows, or what topic cards describe, and keeps what it knows of other"
          + " rows. Releases the model if it knows the forgotten rows no better and no worse than"
          + " rows that it never saw.",
      "Uses the settings of conf/erase.conf; --config and --set override them and the flags."
    },
    mixinStandardHelpOptions = true)
final class EraseCommand extends StagesCommand {
  private static final String MODEL = "lethe.model.path";
  private static final String FORGET = "lethe.corpus.forget";
  private static final String RETAIN = "lethe.corpus.retain";
  private static final String CARDS = "lethe.reveal.cards";

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Folder of the model: config.json, tokenizer.json and safetensors.")
  private String model = "";

  @Option(
      names = "--forget",
      paramLabel = "FORGET",
      description = "File or folder of rows to forget; may be given more than once.")
  private List<String> forget = new ArrayList<>();

  @Option(
      names = "--retain",
      paramLabel = "RETAIN",
      description = "File or folder of rows to keep; may be given more than once.")
  private List<String> retain = new ArrayList<>();

  @Option(
      names = "--cards",
      paramLabel = "CARDS",
      description =
          "File of topic cards, in place of --forget: the model reveals what it knows of them, and"
              + " forgets that; may be given more than once.")
  private List<String> cards = new ArrayList<>();

  EraseCommand() {
    super("erase", Stage::ofPipeline);
  }

  @Override
  List<String> scenarioFiles() {
    return List.of("/erase.conf");
  }

  @Override
  List<String> scenario(String runDirectory) {
    List<String> keys = new ArrayList<>();
    if (!model.isEmpty()) {
      keys.add(MODEL + "=" + model);
    }
    addFiles(keys, FORGET, forget);
    addFiles(keys, RETAIN, retain);
    addFiles(keys, CARDS, cards);
    if (!cards.isEmpty()) {
      keys.add("lethe.pipeline.stages=[reveal, shard, unlearn, evaluate, release]");
    }
    return keys;
  }

  private static void addFiles(List<String> keys, String key, List<String> files) {
    if (!files.isEmpty()) {
      keys.add(key + "=" + ConfigurationReader.rendered(files));
    }
  }

  @Override
  Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>(super.flags());
    flags.put(MODEL, "--model MODEL");
    flags.put(FORGET, "--forget FORGET or --cards CARDS");
    flags.put(RETAIN, "--retain RETAIN");
    return flags;
  }
}
