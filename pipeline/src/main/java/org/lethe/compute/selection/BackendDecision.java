package org.lethe.compute.selection;

import java.util.Locale;
import org.lethe.compute.Backend;
import org.lethe.tensor.NativeBackend;

/**
 * The backend of a process and the reason for its choice.
 *
 * @param backend chosen for the data type
 * @param library native library that ND4J loaded
 * @param reason reason for the choice, without a full stop
 */
public record BackendDecision(Backend backend, NativeBackend library, String reason) {
  /** One sentence for users: the backend, the reason, and the library that ND4J loaded. */
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
