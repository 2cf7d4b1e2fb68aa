package org.lethe.compute.cuda;

/** Results of a kernel on the device, to be copied to the heap. */
final class DeviceDoubles implements AutoCloseable {
  private final CudaSession session;
  private final DeviceMemory.Block block;

  DeviceDoubles(CudaSession session, int count) {
    this.session = session;
    block = session.memory().allocate((long) Double.BYTES * Math.max(1, count));
  }

  long address() {
    return block.address();
  }

  void download(double[] to) {
    session.transfers().download(block.address(), to);
  }

  @Override
  public void close() {
    block.close();
  }
}
