package org.lethe.error;

import java.util.List;

/** Failures of the machine: backend, native binary, device, memory. */
public final class PlatformErrors {
  private static final double GIB = 1L << 30;

  private PlatformErrors() {}

  public static LetheException wrongBackend(String requested, String loaded, String reason) {
    return ExitClass.PLATFORM.failure(
        "Backend not available: lethe.platform.backend = %s, but ND4J loaded %s (%s)",
        requested, loaded, reason);
  }

  /**
   * ND4J cannot load. Its exceptions hold no data.
   *
   * @param folder where its libraries are unpacked
   * @param problems of folders, such as a noexec mount
   */
  public static LetheException nativeLibrary(
      String folder, List<String> problems, Throwable failure) {
    return ExitClass.PLATFORM.failure(
        failure,
        "Cannot load ND4J's native library from %s: %s; %s",
        folder,
        ErrorText.roots(failure),
        problems.isEmpty()
            ? "delete that folder, which may be damaged, and check that its disk has 1 GiB free"
            : String.join("; ", problems));
  }

  /** No folder of this user can be written. */
  public static LetheException noUserFolder(List<String> tried) {
    return ExitClass.PLATFORM.failure(
        "No private folder for caches and logs: none of %s can be created, or another user owns it;"
            + " set LETHE_CACHE to a folder that you can write",
        String.join(", ", tried));
  }

  /**
   * Too little memory, found before the work starts.
   *
   * @param what heap or native memory
   * @param neededBytes bytes that the work needs
   * @param availableBytes bytes that are free
   * @param detail parts that add up to the need
   * @param cure settings that help
   */
  public static LetheException notEnoughMemory(
      String what, long neededBytes, long availableBytes, String detail, String cure) {
    return ExitClass.PLATFORM.failure(
        "Not enough %s: %.2f GiB needed (%s), %.2f GiB available; %s",
        what, neededBytes / GIB, detail, availableBytes / GIB, cure);
  }
}
