package org.lethe.error;

/** Failures of the machine: backend, native binary, device, memory. */
public final class PlatformErrors {
  private static final double GIB = 1L << 30;

  private PlatformErrors() {}

  public static LetheException wrongBackend(String requested, String loaded, String reason) {
    return ExitClass.PLATFORM.failure(
        "Backend not available: lethe.platform.backend = %s, but ND4J loaded %s (%s)",
        requested, loaded, reason);
  }

  public static LetheException nativeLibrary(Throwable failure) {
    return ExitClass.PLATFORM.failure(
        failure,
        "Cannot load ND4J's native library: %s; run 'lethe doctor' for the binaries that it tried",
        failure);
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
