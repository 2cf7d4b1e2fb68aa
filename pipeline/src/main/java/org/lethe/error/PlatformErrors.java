package org.lethe.error;

import java.util.Locale;

/** What can go wrong with the machine: backend, native binary, device, memory. */
public final class PlatformErrors {
  private static final double GIB = 1L << 30;

  private PlatformErrors() {}

  public static LetheException wrongBackend(String asked, String loaded, String reason) {
    return new LetheException(
        ExitClass.PLATFORM,
        "Backend not available: lethe.platform.backend = "
            + asked
            + ", but ND4J loaded "
            + loaded
            + " ("
            + reason
            + ")");
  }

  public static LetheException nativeLibrary(Throwable failure) {
    return new LetheException(
        ExitClass.PLATFORM,
        "ND4J's native library cannot be loaded: "
            + failure
            + "; 'lethe doctor' says what was tried",
        failure);
  }

  /**
   * Not enough memory, found before work started.
   *
   * @param what heap or native memory
   * @param neededBytes what the work needs
   * @param availableBytes what there is
   * @param detail what the need is made of
   * @param cure what to set
   */
  public static LetheException notEnoughMemory(
      String what, long neededBytes, long availableBytes, String detail, String cure) {
    return new LetheException(
        ExitClass.PLATFORM,
        String.format(
            Locale.ROOT,
            "Not enough %s: %.2f GiB needed (%s), %.2f GiB available; %s",
            what,
            neededBytes / GIB,
            detail,
            availableBytes / GIB,
            cure));
  }
}
