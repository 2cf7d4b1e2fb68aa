package org.lethe.jobs.config;

import java.util.Optional;
import org.lethe.compute.Graphs;
import org.lethe.compute.Products;
import org.lethe.compute.selection.BackendSettings;
import org.lethe.model.layer.Activations;

/**
 * Requirements on the machine.
 *
 * @param backend configuration of the backend
 * @param activations what a training does with the activations of blocks; empty to recompute them
 *     only if they do not fit into memory
 * @param refuse whether work that does not fit into memory is refused
 */
public record PlatformSettings(
    BackendSettings backend, Optional<Activations> activations, boolean refuse) {
  private static final Choices<BackendSettings.Choice> BACKENDS =
      Choices.of(BackendSettings.Choice.class);
  private static final Choices<Products> PRODUCTS = Choices.of(Products.class);
  private static final Choices<Graphs> GRAPHS = Choices.of(Graphs.class);
  private static final Choices<Optional<Activations>> ACTIVATIONS =
      Choices.of("auto", Optional.<Activations>empty())
          .or("keep", Optional.of(Activations.KEPT))
          .or("recompute", Optional.of(Activations.RECOMPUTED));
  private static final Choices<Boolean> REFUSALS = Choices.of("refuse", true).or("warn", false);

  public static PlatformSettings read(ConfigurationReader reader) {
    return new PlatformSettings(
        new BackendSettings(
            reader.choice("lethe.platform.backend", BACKENDS),
            reader.choice("lethe.platform.products", PRODUCTS),
            reader.text("lethe.platform.cublas").orElse(""),
            reader.choice("lethe.platform.graphs", GRAPHS)),
        reader.choice("lethe.platform.activations", ACTIVATIONS),
        reader.choice("lethe.platform.memory-check", REFUSALS));
  }
}
