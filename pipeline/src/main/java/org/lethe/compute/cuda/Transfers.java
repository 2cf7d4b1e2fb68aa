package org.lethe.compute.cuda;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * Copies between the Java heap and a device, through page-locked memory. Uploads do not wait for
 * the device; downloads wait for all its work.
 */
final class Transfers {
  private static final int BYTES = 8 << 20;
  private static final int ALIGNMENT = 64;
  private static final int KEPT_ARRAYS = 32;

  /** An array of integers that is already on the device. */
  private record Uploaded(int[] values, DeviceMemory.Block block) {}

  private final Device device;
  private final DeviceMemory memory;
  private final long address;
  private final ByteBuffer buffer;
  private final Deque<Uploaded> uploaded = new ArrayDeque<>();
  private int used;

  Transfers(Device device, DeviceMemory memory) {
    this.device = device;
    this.memory = memory;
    device.enter();
    long[] pointer = new long[1];
    Device.check(Driver.cuMemHostAlloc(pointer, BYTES, 0), "cuMemHostAlloc");
    address = pointer[0];
    buffer = new Pointer(address).getByteBuffer(0, BYTES).order(ByteOrder.nativeOrder());
  }

  /** Copies floats to the device. */
  void upload(float[] from, int first, int count, long to) {
    send(
        (long) Float.BYTES * count,
        to,
        (bytes, done) ->
            bytes
                .asFloatBuffer()
                .put(from, first + (int) (done / Float.BYTES), bytes.remaining() / 4));
  }

  /** Copies doubles to the device. */
  void upload(double[] from, long to) {
    send(
        (long) Double.BYTES * from.length,
        to,
        (bytes, done) ->
            bytes.asDoubleBuffer().put(from, (int) (done / Double.BYTES), bytes.remaining() / 8));
  }

  /** Copies whole numbers to the device. */
  void upload(long[] from, long to) {
    send(
        (long) Long.BYTES * from.length,
        to,
        (bytes, done) ->
            bytes.asLongBuffer().put(from, (int) (done / Long.BYTES), bytes.remaining() / 8));
  }

  /** Copies 16-bit elements to the device. */
  void upload(short[] from, int first, int count, long to) {
    send(
        (long) Short.BYTES * count,
        to,
        (bytes, done) ->
            bytes
                .asShortBuffer()
                .put(from, first + (int) (done / Short.BYTES), bytes.remaining() / 2));
  }

  /** Copies bytes to the device. */
  void upload(byte[] from, long to) {
    send(from.length, to, (bytes, done) -> bytes.put(from, (int) done, bytes.remaining()));
  }

  private void upload(int[] from, long to) {
    send(
        (long) Integer.BYTES * from.length,
        to,
        (bytes, done) ->
            bytes.asIntBuffer().put(from, (int) (done / Integer.BYTES), bytes.remaining() / 4));
  }

  /**
   * Device address of an array of integers. Positions and sequence starts recur in every block of a
   * decoder, so the last few arrays are kept there.
   */
  long ints(int[] values) {
    synchronized (device.stream()) {
      return address(values);
    }
  }

  private long address(int[] values) {
    for (Iterator<Uploaded> i = uploaded.iterator(); i.hasNext(); ) {
      Uploaded candidate = i.next();
      if (Arrays.equals(candidate.values(), values)) {
        i.remove();
        uploaded.addFirst(candidate);
        return candidate.block().address();
      }
    }
    if (uploaded.size() == KEPT_ARRAYS) {
      uploaded.removeLast().block().close();
    }
    DeviceMemory.Block block = memory.allocate((long) Integer.BYTES * values.length);
    upload(values, block.address());
    uploaded.addFirst(new Uploaded(values.clone(), block));
    return block.address();
  }

  /** Copies the arrays of a segment whose operations have not started. */
  void uploadArguments(byte[] from, int count, long to) {
    sendParts(count, to, (bytes, done) -> bytes.put(from, (int) done, bytes.remaining()));
  }

  /** Copies floats to the heap. */
  void download(long from, float[] to, int first, int count) {
    receive(
        (long) Float.BYTES * count,
        from,
        (bytes, done) ->
            bytes
                .asFloatBuffer()
                .get(to, first + (int) (done / Float.BYTES), bytes.remaining() / 4));
  }

  /** Copies 16-bit elements to the heap. */
  void download(long from, short[] to, int first, int count) {
    receive(
        (long) Short.BYTES * count,
        from,
        (bytes, done) ->
            bytes
                .asShortBuffer()
                .get(to, first + (int) (done / Short.BYTES), bytes.remaining() / 2));
  }

  /** Copies doubles to the heap. */
  void download(long from, double[] to) {
    receive(
        (long) Double.BYTES * to.length,
        from,
        (bytes, done) ->
            bytes.asDoubleBuffer().get(to, (int) (done / Double.BYTES), bytes.remaining() / 8));
  }

  /** Copies whole numbers to the heap. */
  void download(long from, int[] to) {
    receive(
        (long) Integer.BYTES * to.length,
        from,
        (bytes, done) ->
            bytes.asIntBuffer().get(to, (int) (done / Integer.BYTES), bytes.remaining() / 4));
  }

  /** Copies bytes to the heap. */
  void download(long from, byte[] to) {
    receive(to.length, from, (bytes, done) -> bytes.get(to, (int) done, bytes.remaining()));
  }

  /** Copies one part of an array between the heap and the page-locked buffer. */
  private interface Part {
    /**
     * @param bytes the buffer, limited to the part
     * @param done number of the array's bytes before this part
     */
    void move(ByteBuffer bytes, long done);
  }

  private void send(long count, long to, Part part) {
    synchronized (device.stream()) {
      device.enter();
      device.stream().flush();
      sendParts(count, to, part);
    }
  }

  private void sendParts(long count, long to, Part part) {
    for (long done = 0; done < count; done += BYTES) {
      int length = (int) Math.min(count - done, BYTES);
      int at = reserve(length);
      part.move(buffer.slice(at, length).order(ByteOrder.nativeOrder()), done);
      Device.check(
          Driver.cuMemcpyHtoDAsync(to + done, address + at, length, device.stream().handle()),
          "cuMemcpyHtoDAsync");
    }
  }

  /**
   * Reserves bytes in the buffer and returns their position. Waits for the device if the buffer is
   * full.
   */
  private int reserve(int bytes) {
    device.enter();
    if (used + bytes > BYTES) {
      device.stream().synchronize();
      used = 0;
    }
    int at = used;
    used = (used + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at;
  }

  private void receive(long count, long from, Part part) {
    synchronized (device.stream()) {
      device.enter();
      device.stream().flush();
      receiveParts(count, from, part);
    }
  }

  private void receiveParts(long count, long from, Part part) {
    for (long done = 0; done < count; done += BYTES) {
      int length = (int) Math.min(count - done, BYTES);
      // The copy follows all uploads in the stream, so the whole buffer is free for it.
      device.enter();
      Device.check(
          Driver.cuMemcpyDtoHAsync(address, from + done, length, device.stream().handle()),
          "cuMemcpyDtoHAsync");
      device.stream().synchronize();
      used = 0;
      part.move(buffer.slice(0, length).order(ByteOrder.nativeOrder()), done);
    }
  }
}
