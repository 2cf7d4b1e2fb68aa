package org.lethe.compute.cuda;

import java.util.Optional;
import org.lethe.compute.Graphs;

/** An open device with its memory, kernels and cuBLAS. The process shares one session. */
final class CudaSession {
  private final Device device;
  private final DeviceMemory memory;
  private final Transfers transfers;
  private final Kernels kernels;
  private final CudaTables tables;
  private final Cublas cublas;

  private CudaSession(
      Device device, DeviceMemory memory, Transfers transfers, Kernels kernels, Cublas cublas) {
    this.device = device;
    this.memory = memory;
    this.transfers = transfers;
    this.kernels = kernels;
    tables = new CudaTables(memory, transfers);
    this.cublas = cublas;
  }

  /**
   * Opens a device.
   *
   * @param ordinal index among the devices visible to the process
   * @param cublas file of cuBLAS, or empty to search for it
   * @param graphs whether recurring work is replayed from CUDA graphs
   * @throws org.lethe.error.LetheException PLATFORM if driver, device, cuBLAS or kernels are not
   *     usable
   */
  static CudaSession open(int ordinal, Optional<String> cublas, Graphs graphs) {
    Device device = Device.open(ordinal, graphs);
    DeviceMemory memory = new DeviceMemory(device);
    Transfers transfers = new Transfers(device, memory);
    Kernels kernels = new Kernels(device, memory, transfers);
    return new CudaSession(device, memory, transfers, kernels, Cublas.open(device, memory, cublas));
  }

  Device device() {
    return device;
  }

  DeviceMemory memory() {
    return memory;
  }

  Transfers transfers() {
    return transfers;
  }

  Kernels kernels() {
    return kernels;
  }

  CudaTables tables() {
    return tables;
  }

  Cublas cublas() {
    return cublas;
  }

  /** Allocates a matrix for a short time. Its content is undefined. */
  CudaMatrix matrix(int rows, int columns) {
    long elements = (long) rows * columns;
    return CudaMatrix.of(this, memory.allocate(Float.BYTES * elements), 0, rows, columns);
  }

  /** Copies bytes on the device. */
  void copy(long from, long to, long bytes) {
    device.enter();
    device.stream().start(new Copy(device, from, to, bytes));
  }

  private record Copy(Device device, long from, long to, long bytes) implements Operation {
    @Override
    public void start() {
      Device.check(
          Driver.cuMemcpyDtoDAsync(to, from, bytes, device.stream().handle()), "cuMemcpyDtoDAsync");
    }
  }

  /** As {@link Kernels#launch}. */
  void launch(String kernel, Grid grid, Object... arguments) {
    kernels.launch(kernel, grid, arguments);
  }
}
