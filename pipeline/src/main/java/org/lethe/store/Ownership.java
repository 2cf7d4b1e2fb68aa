package org.lethe.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.Path;

/**
 * The folders that this process owns by a lease, with the check of each lease.
 *
 * <p>Whoever publishes, appends or deletes calls {@link #check} first, so a process that lost its
 * lease stops before its next write. Folders without a lease are free.
 */
public final class Ownership {
  private static final Map<String, Check> CHECKS = new ConcurrentHashMap<>();

  private Ownership() {}

  /** Confirms that this process still owns a folder. */
  @FunctionalInterface
  public interface Check {
    /**
     * Returns if the folder is still owned.
     *
     * @param target the file or folder that is about to change, for the message
     * @throws org.lethe.error.LetheException CONFLICT if the lease is lost
     */
    void confirm(Path target);
  }

  /** Registers the check of a folder that this process now owns. */
  public static void claim(Path folder, Check check) {
    CHECKS.put(key(folder), check);
  }

  /** Removes the check of a folder, unless another one has replaced it. */
  public static void release(Path folder, Check check) {
    CHECKS.remove(key(folder), check);
  }

  /** Confirms the leases of all folders that contain the target. */
  public static void check(Path target) {
    if (CHECKS.isEmpty()) {
      return;
    }
    for (Path folder = target; folder != null; folder = folder.getParent()) {
      Check check = CHECKS.get(key(folder));
      if (check != null) {
        check.confirm(target);
      }
    }
  }

  /** Returns the same key for {@code file:/a}, {@code file:///a} and {@code /a}. */
  private static String key(Path folder) {
    String scheme = folder.toUri().getScheme();
    String authority = folder.toUri().getAuthority();
    return (scheme == null || scheme.equals("file") ? "" : scheme)
        + "|"
        + (authority == null ? "" : authority)
        + "|"
        + folder.toUri().getPath();
  }
}
