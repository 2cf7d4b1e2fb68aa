package org.lethe.jobs;

import java.util.Locale;
import org.lethe.tensor.NativeBackend;

/**
 * What the machine must be.
 *
 * @param backend what ND4J must have loaded
 * @param refuse whether work that does not fit into memory is refused
 */
record PlatformSettings(NativeBackend.Choice backend, boolean refuse) {
  static PlatformSettings read(ConfigurationReader reader) {
    String backend = reader.choice("lethe.platform.backend", "auto", "cpu", "cuda");
    return new PlatformSettings(
        NativeBackend.Choice.valueOf(backend.toUpperCase(Locale.ROOT)),
        reader.choice("lethe.platform.memory-check", "refuse", "warn").equals("refuse"));
  }
}
