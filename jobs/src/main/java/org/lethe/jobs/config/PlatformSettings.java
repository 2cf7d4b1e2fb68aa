package org.lethe.jobs.config;

import java.util.Locale;
import org.lethe.tensor.NativeBackend;

/**
 * What the machine must be.
 *
 * @param backend what ND4J must have loaded
 * @param refuse whether work that does not fit into memory is refused
 */
public record PlatformSettings(NativeBackend.Choice backend, boolean refuse) {
  public static PlatformSettings read(ConfigurationReader reader) {
    String backend = reader.choice("lethe.platform.backend", "auto", "cpu", "cuda");
    return new PlatformSettings(
        NativeBackend.Choice.valueOf(backend.toUpperCase(Locale.ROOT)),
        reader.choice("lethe.platform.memory-check", "refuse", "warn").equals("refuse"));
  }
}
