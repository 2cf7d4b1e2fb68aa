package org.lethe.compute.heap;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lethe.error.PlatformErrors;
import org.lethe.platform.LocalSymbols;
import org.lethe.platform.Processor;
import org.lethe.platform.TileRegisters;
import org.lethe.tensor.NativeBackend;

/**
 * oneDNN's product of BFLOAT16 matrices with a FLOAT result, in the ND4J binary for AVX-512. ND4J's
 * own operation returns BFLOAT16 only, and the binary does not export oneDNN's functions. Its
 * symbol table names them, and a small product shows that they are the right ones.
 */
final class BfloatLibrary {
  private static final String GEMM =
      "_ZN4dnnl4impl3cpu16gemm_bf16bf16f32"
          + "EPKcS3_PKlS5_S5_PKfPKNS0_10bfloat16_tES5_SA_S5_S7_PfS5_";
  private static final String NARROW =
      "_ZN4dnnl4impl21cvt_float_to_bfloat16EPNS0_10bfloat16_tEPKfm";

  /** A function that the binary exports; the distance to it locates the others. */
  private static final String EXPORTED = "getAllOperations";

  private static final String FLAG = "avx512_bf16";
  private static final String BINARY = "onednn-avx512";

  private static Optional<BfloatLibrary> opened = Optional.empty();

  private final Function gemm;
  private final Function narrow;
  private final Function threads;
  private final Function setThreads;
  private final String kernel;

  private BfloatLibrary(NativeLibrary library, Map<String, Long> symbols, String kernel) {
    long base = Pointer.nativeValue(library.getFunction(EXPORTED)) - symbols.get(EXPORTED);
    gemm = Function.getFunction(new Pointer(base + symbols.get(GEMM)));
    narrow = Function.getFunction(new Pointer(base + symbols.get(NARROW)));
    threads = library.getFunction("omp_get_max_threads");
    setThreads = library.getFunction("omp_set_num_threads");
    this.kernel = kernel;
  }

  /**
   * The functions of this process.
   *
   * @throws org.lethe.error.LetheException PLATFORM if processor or binary lack them
   */
  static synchronized BfloatLibrary instance() {
    if (opened.isEmpty()) {
      opened = Optional.of(open(Processor.ofMachine(), NativeBackend.loaded()));
    }
    return opened.get();
  }

  /** Rejects a processor or a binary without the products. */
  static void requireSupport(Processor processor, String binary) {
    if (!processor.flags().contains(FLAG)) {
      throw PlatformErrors.noBfloatProducts(
          "its processor ("
              + (processor.model().isEmpty() ? "unknown" : processor.model())
              + ") lacks "
              + FLAG);
    }
    if (!binary.equals(BINARY)) {
      throw PlatformErrors.noBfloatProducts("ND4J loaded its " + binary + " binary, not " + BINARY);
    }
  }

  private static BfloatLibrary open(Processor processor, NativeBackend loaded) {
    requireSupport(processor, loaded.binary());
    boolean tiles = TileRegisters.request(processor);
    Set<String> names = Set.of(GEMM, NARROW, EXPORTED);
    Map<String, Long> symbols = LocalSymbols.find(Path.of(loaded.library()), names);
    if (!symbols.keySet().containsAll(names)) {
      throw PlatformErrors.noBfloatProducts(
          loaded.library() + " has no symbol table with oneDNN's products");
    }
    BfloatLibrary library =
        new BfloatLibrary(
            NativeLibrary.getInstance(loaded.library()),
            symbols,
            tiles ? "bfloat16 (AMX)" : "bfloat16 (AVX-512)");
    if (!library.multipliesExactly()) {
      throw PlatformErrors.noBfloatProducts("oneDNN's products in " + loaded.library() + " differ");
    }
    return library;
  }

  /** Kind of the products, for records. */
  String kernel() {
    return kernel;
  }

  /** Rounds FLOAT values to the nearest BFLOAT16, ties to even. */
  void narrow(long from, long to, long count) {
    narrow.invokeVoid(new Object[] {new Pointer(to), new Pointer(from), count});
  }

  /** Memory for the arguments of one thread's products, which are passed by address. */
  static final class Arguments {
    private static final int BYTES = 64;

    private final Memory memory = new Memory(BYTES);

    private Pointer letter(int at, char value) {
      memory.setByte(at, (byte) value);
      return memory.share(at);
    }

    private Pointer number(int at, long value) {
      memory.setLong(at, value);
      return memory.share(at);
    }

    private Pointer real(int at, double value) {
      memory.setFloat(at, (float) value);
      return memory.share(at);
    }
  }

  /** A BFLOAT16 matrix of column-major BLAS, to be read as it is ('N') or transposed ('T'). */
  record Operand(char form, long address, long stride) {}

  /** Column-major C = alpha op(A) op(B) + beta C, with one thread. */
  void multiply(
      long m,
      long n,
      long k,
      double alpha,
      Operand a,
      Operand b,
      double beta,
      long c,
      long strideC,
      Arguments given) {
    Object[] arguments = {
      given.letter(0, a.form()),
      given.letter(1, b.form()),
      given.number(8, m),
      given.number(16, n),
      given.number(24, k),
      given.real(4, alpha),
      new Pointer(a.address()),
      given.number(32, a.stride()),
      new Pointer(b.address()),
      given.number(40, b.stride()),
      given.real(56, beta),
      new Pointer(c),
      given.number(48, strideC)
    };
    int before = threads.invokeInt(new Object[0]);
    setThreads.invokeVoid(new Object[] {1});
    int status = gemm.invokeInt(arguments);
    setThreads.invokeVoid(new Object[] {before});
    if (status != 0) {
      throw new IllegalStateException("oneDNN's product failed: status " + status);
    }
  }

  /** Multiplies small whole numbers, whose products and sums are exact. */
  private boolean multipliesExactly() {
    int size = 64;
    int elements = size * size;
    try (Memory floats = new Memory(4L * elements);
        Memory narrowed = new Memory(2L * elements);
        Memory result = new Memory(4L * elements)) {
      for (int i = 0; i < elements; i++) {
        floats.setFloat(4L * i, i % 7 - 3);
      }
      narrow(Pointer.nativeValue(floats), Pointer.nativeValue(narrowed), elements);
      result.clear();
      Operand factor = new Operand('N', Pointer.nativeValue(narrowed), size);
      Operand turned = new Operand('T', Pointer.nativeValue(narrowed), size);
      long c = Pointer.nativeValue(result);
      multiply(size, size, size, 1, factor, turned, 1, c, size, new Arguments());
      return isSquare(floats.getFloatArray(0, elements), result.getFloatArray(0, elements), size);
    }
  }

  /** Whether result = a a^T, column-major. */
  private static boolean isSquare(float[] a, float[] result, int size) {
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        float sum = 0;
        for (int k = 0; k < size; k++) {
          sum += a[k * size + i] * a[k * size + j];
        }
        if (sum != result[j * size + i]) {
          return false;
        }
      }
    }
    return true;
  }
}
