package org.lethe.jobs.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lethe.jobs.config.ConfigurationReader;
import picocli.CommandLine.Option;

/** Plain flags for a model and its corpora, which become keys. */
final class EraseFlags {
  /** The configuration file that the flags complete, in this jar. */
  static final String SCENARIO = "/erase.conf";

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

  /** The given flags as key=value. */
  List<String> keys() {
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

  /** The flags by the key that they set, with those of every command. */
  static Map<String, String> byKey(Map<String, String> ofEveryCommand) {
    Map<String, String> flags = new LinkedHashMap<>(ofEveryCommand);
    flags.put(MODEL, "--model MODEL");
    flags.put(FORGET, "--forget FORGET or --cards CARDS");
    flags.put(RETAIN, "--retain RETAIN");
    return flags;
  }
}
