package org.lethe.run;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Named phase boundaries, such as {@code shard:before-manifest}. Tests use them to stop or kill the
 * process at a boundary. Production code installs no action.
 */
public final class PhaseHook {
  private static final Consumer<String> NOTHING = phase -> {};
  private static final AtomicReference<Consumer<String>> ACTION = new AtomicReference<>(NOTHING);

  private PhaseHook() {}

  /** Reports that the work has reached the boundary with this name. */
  public static void reached(String phase) {
    ACTION.get().accept(phase);
  }

  /** For tests: sets the action for every boundary of this process, until {@link #clear}. */
  public static void install(Consumer<String> action) {
    ACTION.set(Objects.requireNonNull(action));
  }

  /** For tests: removes the action. */
  public static void clear() {
    ACTION.set(NOTHING);
  }
}
