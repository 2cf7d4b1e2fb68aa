package org.lethe.error;

import java.util.Collection;

/** Failures of an existing adapter that a run begins with. */
public final class AdapterErrors {
  private AdapterErrors() {}

  /** The configured factors have another shape than those to continue. */
  public static LetheException otherShape(
      Object adapter, int rank, double alpha, Collection<String> targets) {
    return ExitClass.USAGE.failure(
        "Invalid lethe.model.lora: the factors of %s have another shape; set lethe.model.lora {"
            + " rank = %d, alpha = %s, targets = [%s] }",
        adapter, rank, alpha, String.join(", ", targets));
  }
}
