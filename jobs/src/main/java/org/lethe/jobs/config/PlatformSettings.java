package org.lethe.jobs.config;

import org.lethe.compute.Products;
import org.lethe.compute.selection.BackendSettings;

/**
 * Requirements on the machine.
 *
 * @param backend configuration of the backend
 * @param refuse whether work that does not fit into memory is refused
 */
public record PlatformSettings(BackendSettings backend, boolean refuse) {
  private static final Choices<BackendSettings.Choice> BACKENDS =
      Choices.of(BackendSettings.Choice.class);
  private static final Choices<Products> PRODUCTS = Choices.of(Products.class);
  private static final Choices<Boolean> REFUSALS = Choices.of("refuse", true).or("warn", false);

  public static PlatformSettings read(ConfigurationReader reader) {
    return new PlatformSettings(
        new BackendSettings(
            reader.choice("lethe.platform.backend", BACKENDS),
            reader.choice("lethe.platform.products", PRODUCTS),
            reader.text("lethe.platform.cublas").orElse("")),
        reader.choice("lethe.platform.memory-check", REFUSALS));
  }
}
