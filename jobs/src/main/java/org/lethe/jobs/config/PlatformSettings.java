package org.lethe.jobs.config;

import org.lethe.tensor.NativeBackend;

/**
 * Requirements on the machine.
 *
 * @param backend that ND4J must have loaded
 * @param refuse whether work that does not fit into memory is refused
 */
public record PlatformSettings(NativeBackend.Choice backend, boolean refuse) {
  private static final Choices<NativeBackend.Choice> BACKENDS =
      Choices.of(NativeBackend.Choice.class);
  private static final Choices<Boolean> REFUSALS = Choices.of("refuse", true).or("warn", false);

  public static PlatformSettings read(ConfigurationReader reader) {
    return new PlatformSettings(
        reader.choice("lethe.platform.backend", BACKENDS),
        reader.choice("lethe.platform.memory-check", REFUSALS));
  }
}
