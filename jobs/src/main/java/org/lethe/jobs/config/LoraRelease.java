package org.lethe.jobs.config;

/** What a run that trains LoRA factors releases. */
public enum LoraRelease {
  /** A PEFT directory. */
  ADAPTER,
  /** Whole weights beside the PEFT directory. */
  MERGED;

  private static final Choices<LoraRelease> CHOICES = Choices.of(LoraRelease.class);

  static LoraRelease read(ConfigurationReader reader) {
    return reader.choice("lethe.release.lora", CHOICES);
  }
}
