package org.lethe.compute.cuda;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.lethe.compute.Backend;
import org.lethe.compute.Products;

/** The device for tests of this package: an emulated one or the machine's own. */
public final class TestDevice {
  private static Backend opened;

  private TestDevice() {}

  /** Returns the backend on the device, which all tests of this process share. */
  public static synchronized Backend backend() {
    require();
    if (opened == null) {
      opened = CudaBackend.open(0, Products.FLOAT, Optional.empty());
    }
    return opened;
  }

  /** With {@code -Dlethe.test.device=real} tests use the machine's GPU. */
  public static boolean isReal() {
    return "real".equals(System.getProperty("lethe.test.device"));
  }

  /** Skips the caller's tests if there is neither a GPU nor a compiler for the emulated device. */
  static void require() {
    if (!isReal()) {
      Assumptions.assumeTrue(EmulatedDevice.isPossible(), "no g++ to build the emulated device");
      EmulatedDevice.install();
    }
  }
}
