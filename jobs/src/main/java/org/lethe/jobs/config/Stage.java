package org.lethe.jobs.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a command does, in this order. */
public enum Stage {
  REVEAL,
  SHARD,
  FINETUNE,
  UNLEARN,
  EVALUATE,
  RELEASE;

  /** The word in configuration and terminal. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The stages that the pipeline command runs. */
  public static List<Stage> ofPipeline(ConfigurationReader reader) {
    String key = "lethe.pipeline.stages";
    List<String> words = reader.texts(key);
    List<Stage> stages =
        Arrays.stream(values()).filter(stage -> words.contains(stage.word())).toList();
    if (!stages.stream().map(Stage::word).toList().equals(words)) {
      reader.problem(
          key, "some of " + Arrays.stream(values()).map(Stage::word).toList() + " in that order");
    }
    return stages;
  }
}
