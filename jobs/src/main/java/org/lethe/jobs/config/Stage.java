package org.lethe.jobs.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The stages of a run, in the order in which it goes through them. */
public enum Stage {
  REVEAL("Makes a forget corpus from topic cards, in the model's own words."),
  SHARD("Reads, checks and divides the corpora among workers."),
  FINETUNE("Trains the model on both corpora; makes target models for experiments."),
  UNLEARN("Makes the model forget, in rounds; resumes after an interruption."),
  EVALUATE("Measures the model before and after unlearning, on both corpora."),
  ATTACK(
      "Tries costly attacks on the candidate: relearning, cloze questions, and the depth of"
          + " unlearning."),
  RELEASE("Applies the gates, writes record and report, releases the model or keeps it aside.");

  private final String description;

  Stage(String description) {
    this.description = description;
  }

  /** The name in configuration, commands and terminal. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the stage does, for help texts. */
  public String description() {
    return description;
  }

  /** The stages that the command of this stage runs. Figures of attacks are decided on again. */
  public List<Stage> ofCommand() {
    return switch (this) {
      case FINETUNE -> List.of(SHARD, FINETUNE);
      case ATTACK -> List.of(ATTACK, RELEASE);
      default -> List.of(this);
    };
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
