package org.lethe.run;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Named phase boundaries, such as {@code shard:before-manifest}. They exist for tests, which stop
 * or kill the process there; nothing else installs an action.
 */
public final class PhaseHook {
  private static final Consumer<String> NOTHING = phase -> {};
  private static final AtomicReference<Consumer<String>> ACTION = new AtomicReference<>(NOTHING);

  private PhaseHook() {}

  /** Says that the work has come to the boundary with this name. */
  public static void reached(String phase) {
    ACTION.get().accept(phase);
  }

  /** Tests only: what to do at every boundary of this process, until {@link #clear}. */
  public static void install(Consumer<String> action) {
    ACTION.set(Objects.requireNonNull(action));
  }

  /** Tests only: do nothing at boundaries again. */
  public static void clear() {
    ACTION.set(NOTHING);
  }
}
