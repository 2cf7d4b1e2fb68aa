package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class NativeHeapTest {
  private static final int BLOCK = 1 << 10;
  private static final long BLOCKS = 100_000;

  @Test
  @EnabledOnOs(OS.LINUX)
  void freedMemoryIsReturned() throws IOException {
    long[] blocks = LongStream.range(0, BLOCKS).map(i -> touched()).toArray();
    // A block behind them, without which the C library returns the memory by itself.
    long last = touched();
    long full = residentBytes();
    Arrays.stream(blocks).forEach(Native::free);
    NativeHeap.trim();
    assertThat(full - residentBytes()).isGreaterThan(BLOCK * BLOCKS / 2);
    Native.free(last);
  }

  private static long touched() {
    long block = Native.malloc(BLOCK);
    new Pointer(block).setByte(0, (byte) 1);
    return block;
  }

  private static long residentBytes() throws IOException {
    String line = Files.readString(Path.of("/proc/self/statm"));
    return Long.parseLong(line.split(" ")[1]) * 4096;
  }
}
