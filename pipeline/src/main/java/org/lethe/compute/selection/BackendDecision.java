package org.lethe.compute.selection;

import java.util.Locale;
import org.lethe.compute.Backend;
import org.lethe.tensor.NativeBackend;

/**
 * The backend that a process computes with.
 *
 * @param backend chosen for the data type
 * @param library that ND4J loaded
 * @param reason why this backend, without a full stop
 */
public record BackendDecision(Backend backend, NativeBackend library, String reason) {
  /** Backend, reason, and what ND4J loaded, as one sentence for people. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%s: %s, ND4J's %s loaded from %s, %s",
        backend.name(),
        reason,
        library.backend(),
        library.library(),
        library.binary());
  }
}
