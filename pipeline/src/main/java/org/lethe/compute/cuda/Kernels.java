package org.lethe.compute.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lethe.compute.Heads;
import org.lethe.error.CudaErrors;

/**
 * The kernels of {@code pipeline/src/main/cuda}, loaded from PTX, which the driver compiles for its
 * device.
 */
final class Kernels {
  static final List<String> RESOURCES =
      List.of(
          "activation",
          "attention",
          "bfloat",
          "cached_attention",
          "cross_entropy",
          "norm",
          "rotary",
          "rows",
          "vectors");

  private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(");
  private static final int LOG_BYTES = 8192;
  private static final int MOST_ARGUMENTS = 16;
  private static final int ARGUMENT_BYTES = 24;
  private static final byte[] NOTHING = new byte[ARGUMENT_BYTES * MOST_ARGUMENTS];
  private static final int SHARED_WITHOUT_REQUEST = 48 << 10;

  private final Device device;
  private final DeviceMemory memory;
  private final Transfers transfers;
  private final Map<String, Long> functions = new HashMap<>();
  private final Map<String, Integer> sharedBytes = new HashMap<>();
  private final Optional<Arguments> collected;
  private final Memory pointers = new Memory((long) Long.BYTES * MOST_ARGUMENTS);
  private final Memory slots = new Memory((long) ARGUMENT_BYTES * MOST_ARGUMENTS);
  private final ByteBuffer values;

  Kernels(Device device, DeviceMemory memory, Transfers transfers) {
    this.device = device;
    this.memory = memory;
    this.transfers = transfers;
    collected =
        device.stream().collects()
            ? Optional.of(new Arguments(memory, transfers))
            : Optional.empty();
    collected.ifPresent(arguments -> device.stream().prepare(arguments::upload));
    long start = Pointer.nativeValue(slots);
    for (int i = 0; i < MOST_ARGUMENTS; i++) {
      pointers.setLong((long) Long.BYTES * i, start + (long) ARGUMENT_BYTES * i);
    }
    values = slots.getByteBuffer(0, slots.size()).order(ByteOrder.nativeOrder());
    RESOURCES.forEach(this::load);
  }

  private void load(String resource) {
    byte[] text = read(resource);
    device.enter();
    long[] module = new long[1];
    try (Memory log = new Memory(LOG_BYTES)) {
      log.clear();
      int code =
          Driver.cuModuleLoadDataEx(
              module,
              text,
              2,
              new int[] {Driver.ERROR_LOG_BUFFER, Driver.ERROR_LOG_BYTES},
              new long[] {Pointer.nativeValue(log), LOG_BYTES});
      if (code != Driver.SUCCESS) {
        throw CudaErrors.badKernels(resource, Device.errorName(code), log.getString(0));
      }
    }
    Matcher entries = ENTRY.matcher(new String(text, StandardCharsets.US_ASCII));
    while (entries.find()) {
      long[] function = new long[1];
      Device.check(
          Driver.cuModuleGetFunction(function, module[0], entries.group(1)),
          "cuModuleGetFunction " + entries.group(1));
      functions.put(entries.group(1), function[0]);
    }
  }

  /** Reads the PTX of a resource and appends the 0 that the driver expects. */
  private static byte[] read(String resource) {
    try (InputStream in = Kernels.class.getResourceAsStream(resource + ".ptx")) {
      if (in == null) {
        throw new IllegalStateException("Missing resource: " + resource + ".ptx");
      }
      byte[] text = in.readAllBytes();
      return Arrays.copyOf(text, text.length + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Number of kernels. */
  int count() {
    return functions.size();
  }

  /**
   * Starts a kernel.
   *
   * @param arguments in the order of the kernel's parameters: a {@link CudaMatrix} for a Window,
   *     {@link Heads}, Integer, Long (a device address or a count), Float or Double; an {@code
   *     int[]}, {@code long[]} or {@code double[]} is copied to the device, and the kernel receives
   *     its device address
   */
  void launch(String name, Grid grid, Object... arguments) {
    if (grid.isEmpty()) {
      return;
    }
    synchronized (device.stream()) {
      device.enter();
      long function = function(name);
      allowShared(name, function, grid.sharedBytes());
      long bytes = Arguments.bytes(arguments);
      if (collected.isPresent() && Arguments.canHold(bytes)) {
        collect(collected.get(), name, function, grid, bytes, arguments);
      } else {
        device.stream().flush();
        List<DeviceMemory.Block> temporary = new ArrayList<>();
        put(arguments, array -> uploaded(array, temporary));
        start(name, function, grid);
        temporary.forEach(DeviceMemory.Block::close);
      }
    }
  }

  /** A launch whose arguments are kept as bytes. */
  private record Launch(Kernels kernels, String name, long function, Grid grid, ByteBuffer bytes)
      implements Operation {
    @Override
    public void start() {
      kernels.values.put(0, bytes, 0, bytes.capacity());
      kernels.start(name, function, grid);
    }
  }

  private void collect(
      Arguments segment,
      String name,
      long function,
      Grid grid,
      long arrayBytes,
      Object... arguments) {
    if (!segment.hasRoom(arrayBytes)) {
      device.stream().flush();
    }
    // Arguments of other types leave bytes of the previous launch.
    int count = ARGUMENT_BYTES * arguments.length;
    values.put(0, NOTHING, 0, count);
    put(arguments, segment::address);
    ByteBuffer copy = ByteBuffer.allocate(count).put(0, values, 0, count);
    device.stream().start(new Launch(this, name, function, grid, copy));
  }

  private void start(String name, long function, Grid grid) {
    Device.check(
        Driver.cuLaunchKernel(
            function,
            grid.x(),
            grid.y(),
            grid.z(),
            grid.threads(),
            1,
            1,
            grid.sharedBytes(),
            device.stream().handle(),
            Pointer.nativeValue(pointers),
            0),
        "cuLaunchKernel " + name);
  }

  /** Device address of an array, in a block of its own unless it recurs. */
  private long uploaded(Object array, List<DeviceMemory.Block> temporary) {
    if (array instanceof int[] numbers) {
      return transfers.ints(numbers);
    }
    DeviceMemory.Block block = memory.allocate(Arguments.bytes(array));
    temporary.add(block);
    if (array instanceof long[] numbers) {
      transfers.upload(numbers, block.address());
    } else {
      transfers.upload((double[]) array, block.address());
    }
    return block.address();
  }

  private void put(Object[] arguments, ToLongFunction<Object> addresses) {
    for (int i = 0; i < arguments.length; i++) {
      put(ARGUMENT_BYTES * i, arguments[i], addresses);
    }
  }

  private long function(String name) {
    Long function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException("Invalid kernel: " + name);
    }
    return function;
  }

  /**
   * Requests more than 48 KB of shared memory for a kernel, which the driver grants only on
   * request.
   */
  private void allowShared(String name, long function, int bytes) {
    if (bytes > sharedBytes.getOrDefault(name, SHARED_WITHOUT_REQUEST)) {
      Device.check(
          Driver.cuFuncSetAttribute(function, Driver.MAXIMUM_SHARED_BYTES, bytes),
          "cuFuncSetAttribute " + name);
      sharedBytes.put(name, bytes);
    }
  }

  private void put(int at, Object argument, ToLongFunction<Object> addresses) {
    if (argument instanceof CudaMatrix matrix) {
      values.putLong(at, matrix.address());
      values.putLong(at + 8, matrix.stride());
      values.putInt(at + 16, matrix.rows());
      values.putInt(at + 20, matrix.columns());
    } else if (argument instanceof Heads heads) {
      values.putInt(at, heads.query());
      values.putInt(at + 4, heads.keyValue());
      values.putInt(at + 8, heads.size());
      values.putFloat(at + 12, (float) heads.scale());
      values.putFloat(at + 16, (float) heads.scores().softCap().orElse(0));
      values.putInt(at + 20, heads.scores().window().orElse(Integer.MAX_VALUE));
    } else if (argument instanceof Integer number) {
      values.putInt(at, number);
    } else if (argument instanceof Long number) {
      values.putLong(at, number);
    } else if (argument instanceof Float number) {
      values.putFloat(at, number);
    } else if (argument instanceof Double number) {
      values.putDouble(at, number);
    } else if (argument instanceof int[]
        || argument instanceof long[]
        || argument instanceof double[]) {
      values.putLong(at, addresses.applyAsLong(argument));
    } else {
      throw new IllegalArgumentException("Invalid argument: " + argument.getClass());
    }
  }
}
