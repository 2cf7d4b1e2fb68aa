package org.lethe.platform;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tile registers of Intel processors (AMX), which multiply 16-bit matrices. Linux saves them
 * only for processes that request it.
 */
public final class TileRegisters {
  private static final Logger LOG = LoggerFactory.getLogger(TileRegisters.class);

  private static final Set<String> FLAGS = Set.of("amx_tile", "amx_bf16");

  /** Numbers of Linux on x86-64: the system call, ARCH_REQ_XCOMP_PERM, and the tiles' state. */
  private static final int ARCH_PRCTL = 158;

  private static final int REQUEST = 0x1023;
  private static final int TILE_DATA = 18;

  /** oneDNN before 2.5 uses tiles only if this variable says so. */
  private static final String VARIABLE = "DNNL_MAX_CPU_ISA";

  private static final String WITH_TILES = "AVX512_CORE_AMX";
  private static final String WITHOUT_TILES = "AVX512_CORE_BF16";

  private TileRegisters() {}

  /**
   * Requests the tiles for this process and lets oneDNN use them. Must run before oneDNN's first
   * operation. A user's own choice in the environment stays, unless it asks for tiles that Linux
   * does not grant: the process would end at its first product.
   *
   * @return whether oneDNN may use tiles
   */
  public static boolean request(Processor processor) {
    return request(
        Optional.ofNullable(System.getenv(VARIABLE)),
        processor.flags().containsAll(FLAGS) && isGranted(),
        value -> NativeEnvironment.set(VARIABLE, value));
  }

  /**
   * As {@link #request(Processor)}.
   *
   * @param chosen by the user
   * @param granted whether Linux saves the tiles
   * @param environment sets the variable, and returns whether it could
   */
  static boolean request(Optional<String> chosen, boolean granted, Predicate<String> environment) {
    if (chosen.isEmpty()) {
      return granted && environment.test(WITH_TILES);
    }
    boolean wanted = chosen.get().equalsIgnoreCase(WITH_TILES);
    if (wanted && !granted && !environment.test(WITHOUT_TILES)) {
      LOG.warn("Linux does not grant tiles; set {}={}", VARIABLE, WITHOUT_TILES);
    }
    return wanted && granted;
  }

  private static boolean isGranted() {
    try {
      Function call = NativeLibrary.getInstance("c").getFunction("syscall");
      return call.invokeInt(
              new Object[] {
                new NativeLong(ARCH_PRCTL), new NativeLong(REQUEST), new NativeLong(TILE_DATA)
              })
          == 0;
    } catch (LinkageError e) {
      return false;
    }
  }
}
