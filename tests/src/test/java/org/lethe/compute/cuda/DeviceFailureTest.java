package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.Graphs;
import org.lethe.compute.Matrix;
import org.lethe.compute.Products;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

/**
 * Messages to the user when the device, driver or library is missing, too old, too small or lost.
 */
final class DeviceFailureTest {
  private static final int VERSION = 12080;
  private static final int CAPABILITY = 90;
  private static final long BYTES = 64 << 20;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_FAILED = 719;
  private static final int CAPTURE_INVALIDATED = 901;

  private EmulatedDevice device;

  @BeforeEach
  void install() {
    Assumptions.assumeTrue(EmulatedDevice.isPossible() && !TestDevice.isReal(), "needs g++");
    device = EmulatedDevice.install();
  }

  @AfterEach
  void reset() {
    if (device != null) {
      device.reset();
    }
  }

  private static AbstractThrowableAssert<?, ?> assertPlatformError(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.PLATFORM));
  }

  /** Opens a new session, because a process opens a device only once. */
  private static CudaBackend open(int ordinal) {
    return open(ordinal, Graphs.OFF);
  }

  private static CudaBackend open(int ordinal, Graphs graphs) {
    return CudaBackend.of(CudaSession.open(ordinal, Optional.empty(), graphs), Products.FLOAT);
  }

  @Test
  void noDriver() {
    assertPlatformError(() -> Driver.register("libcuda-that-is-missing.so.1"))
        .hasMessageContaining("No CUDA driver: libcuda-that-is-missing.so.1 cannot be loaded");
  }

  @Test
  void noCublas() {
    assertPlatformError(() -> CublasLibrary.register(List.of("libcublas-that-is-missing.so.13")))
        .hasMessageContaining("cuBLAS not found")
        .hasMessageContaining("lethe.platform.cublas")
        .hasMessageContaining("libcublas-that-is-missing.so.13");
  }

  @Test
  void aConfiguredCublasThatIsMissing() {
    String file = "/opt/missing/libcublas.so.13";
    assertThat(CublasLibrary.candidates(Optional.of(file))).containsExactly(file);
    assertPlatformError(() -> CublasLibrary.register(List.of(file)))
        .hasMessageContaining("lethe.platform.cublas. Tried: " + file);
  }

  /** A name that no search tries. */
  @Test
  void aConfiguredCublas(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("products.so");
    Files.copy(device.folder().resolve("libcublas.so.13"), file);
    List<String> candidates = CublasLibrary.candidates(Optional.of(file.toString()));
    assertThat(CublasLibrary.register(candidates)).isEqualTo(file.toString());
  }

  @Test
  void noDevice() {
    device.describe(VERSION, 0, CAPABILITY, BYTES);
    assertPlatformError(() -> open(0)).hasMessageContaining("No CUDA device 0");
  }

  /** Without a device some drivers fail; any other failure is named, since its cure differs. */
  @Test
  void aDriverThatDoesNotStart() {
    device.fail("cuInit", 0, 100);
    assertPlatformError(() -> open(0)).hasMessageContaining("No CUDA device 0: the driver sees 0");
    device.fail("cuInit", 0, 802);
    assertPlatformError(() -> open(0))
        .hasMessage(
            "CUDA device failed: cuInit returned CUDA_ERROR_SYSTEM_NOT_READY (802); check"
                + " nvidia-smi and the system log");
  }

  @Test
  void oneDeviceTooFew() {
    assertPlatformError(() -> open(3)).hasMessageContaining("No CUDA device 3: the driver sees 1");
  }

  @Test
  void oldDriver() {
    device.describe(11040, 1, CAPABILITY, BYTES);
    assertPlatformError(() -> open(0)).hasMessageContaining("it supports CUDA 11.4, 11.8 needed");
  }

  @Test
  void oldDevice() {
    device.describe(VERSION, 1, 75, BYTES);
    assertPlatformError(() -> open(0)).hasMessageContaining("compute capability 7.5, 8.0 needed");
  }

  @Test
  void kernelsThatFailToLoad() {
    device.fail("cuModuleLoadDataEx", 0, 1);
    assertPlatformError(() -> open(0))
        .hasMessageContaining("CUDA kernels activation cannot be loaded: CUDA_ERROR_INVALID_VALUE");
  }

  @ParameterizedTest
  @EnumSource(Graphs.class)
  void outOfDeviceMemory(Graphs graphs) {
    CudaBackend backend = open(0, graphs);
    device.describe(VERSION, 1, CAPABILITY, device.usedBytes() + BYTES);
    Matrix first = backend.matrix(1024, 8192);
    assertPlatformError(() -> backend.matrix(1024, 16384))
        .hasMessageContaining("Not enough device memory: 0.06 GiB needed")
        .hasMessageContaining("0.03 GiB available");
    backend.compute(1).clear(first.top(1));
    first.close();
    // The freed block is too small, so it is first returned to the driver, after the work on it.
    backend.matrix(1024, 16384).close();
  }

  @Test
  void aDeviceLostDuringWork() {
    CudaBackend backend = open(0);
    Matrix matrix = backend.matrix(4, 4);
    device.fail("every call", 0, LAUNCH_FAILED);
    assertPlatformError(() -> backend.compute(1).clear(matrix))
        .hasMessage(
            "CUDA device failed: cuLaunchKernel clear_rows returned CUDA_ERROR_LAUNCH_FAILED (719);"
                + " check nvidia-smi and the system log");
    // Spark ends an executor by the cause.
    assertPlatformError(() -> matrix.download(new float[16]))
        .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED")
        .hasCauseInstanceOf(VirtualMachineError.class);
  }

  /** The launch succeeds. The call that waits for the kernel fails, and so does every later one. */
  @Test
  void aKernelThatReadsAnIllegalAddress() {
    CudaBackend backend = open(0);
    Matrix matrix = backend.matrix(4, 4);
    device.fail("a kernel", 0, ILLEGAL_ADDRESS);
    backend.compute(1).clear(matrix);
    assertPlatformError(() -> matrix.download(new float[16]))
        .hasMessage(
            "CUDA device failed: cuStreamSynchronize returned CUDA_ERROR_ILLEGAL_ADDRESS (700);"
                + " check nvidia-smi and the system log")
        .hasCauseInstanceOf(VirtualMachineError.class);
    assertPlatformError(() -> backend.compute(1).clear(matrix))
        .hasMessageContaining("cuLaunchKernel clear_rows returned CUDA_ERROR_ILLEGAL_ADDRESS");
  }

  @Test
  void aCaptureThatFails() {
    CudaBackend backend = open(0, Graphs.ON);
    Matrix matrix = backend.matrix(1, 1);
    tenTimesCleared(backend, matrix);
    device.fail("cuStreamEndCapture", 0, CAPTURE_INVALIDATED);
    assertPlatformError(() -> tenTimesCleared(backend, matrix))
        .hasMessageContaining("cuStreamEndCapture returned CUDA_ERROR_STREAM_CAPTURE_INVALIDATED");
  }

  @Test
  void aLaunchThatFailsInACapture() {
    CudaBackend backend = open(0, Graphs.ON);
    Matrix matrix = backend.matrix(1, 1);
    tenTimesCleared(backend, matrix);
    device.fail("cuLaunchKernel", 3, LAUNCH_FAILED);
    assertPlatformError(() -> tenTimesCleared(backend, matrix))
        .hasMessageContaining("cuLaunchKernel clear_rows returned CUDA_ERROR_LAUNCH_FAILED");
    // The capture has ended.
    device.reset();
    tenTimesCleared(backend, matrix);
  }

  private static void tenTimesCleared(CudaBackend backend, Matrix matrix) {
    for (int i = 0; i < 10; i++) {
      backend.compute(1).clear(matrix);
    }
    matrix.download(new float[1]);
  }
}
