package org.lethe.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.Block;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Memory of activations. It is kept from step to step and grows with the batch: fresh pages would
 * cost more than the arithmetic on them. A training pass has one slot for each block of its
 * backward pass. The blocks below share the lowest slot, and so do all blocks of any other pass.
 */
final class Buffers {
  /** Bytes of one chunk of logits, unless a single row is larger. */
  private static final long LOGIT_BYTES = 64L << 20;

  private static final int ROW_ROUNDING = 64;

  /** Activations that one block keeps for its backward pass; N rows are in use. */
  static final class Slot {
    final Matrix input; // [N, D]
    final Matrix inputInverse; // [N, 1]
    final Matrix qkv; // [N, E], rotated
    final Matrix logSums; // [N, H]
    final Matrix attended; // [N, H S]
    final Matrix middle; // [N, D], after attention
    final Matrix middleInverse; // [N, 1]
    final Matrix gateUp; // [N, 2 F]

    private Slot(Sizes sizes, Backend backend, int rows) {
      input = backend.matrix(rows, sizes.hidden());
      inputInverse = backend.matrix(rows, 1);
      qkv = backend.matrix(rows, sizes.queryKeyValue());
      logSums = backend.matrix(rows, sizes.heads());
      attended = backend.matrix(rows, sizes.attended());
      middle = backend.matrix(rows, sizes.hidden());
      middleInverse = backend.matrix(rows, 1);
      gateUp = backend.matrix(rows, sizes.gateUp());
    }

    private static long elements(Sizes sizes) {
      return 2L * sizes.hidden()
          + 2
          + sizes.queryKeyValue()
          + sizes.heads()
          + sizes.attended()
          + sizes.gateUp();
    }

    private void close() {
      for (Matrix matrix :
          List.of(input, inputInverse, qkv, logSums, attended, middle, middleInverse, gateUp)) {
        matrix.close();
      }
    }
  }

  /**
   * Widths of activations. All blocks have those of the first.
   *
   * @param hidden D
   * @param queryKeyValue E
   * @param heads H
   * @param attended H S
   * @param gateUp 2 F
   * @param activated F
   */
  private record Sizes(
      int hidden, int queryKeyValue, int heads, int attended, int gateUp, int activated) {
    static Sizes of(Architecture architecture) {
      Block block = architecture.blocks().get(0);
      Attention attention = block.attention();
      return new Sizes(
          architecture.hiddenSize(),
          attention.queryKeyValue().outputs(),
          attention.heads().query(),
          attention.output().inputs(),
          block.feedForward().gateUp().outputs(),
          block.feedForward().down().inputs());
    }

    /** Widest input of a LoRA factor. */
    int widestInput() {
      return Math.max(hidden, Math.max(attended, activated));
    }
  }

  private final Architecture architecture;
  private final Sizes sizes;
  private final Backend backend;
  private final int rank;
  private final int firstTrainedBlock;
  private final List<Matrix> shared = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private int capacity;
  private boolean trains;

  private Matrix output; // [N, D], after the last block
  private Matrix normed; // [N, D]
  private Matrix activated; // [N, F]
  private Matrix hidden; // [N, D], covered rows
  private Matrix hiddenInverse; // [N, 1]
  private Matrix dHidden; // [N, D]
  private Matrix dResidual; // [N, D]
  private Matrix dNormed; // [N, D]
  private Matrix dAttended; // [N, H S]
  private Matrix dQkv; // [N, E]
  private Matrix dActivated; // [N, F]
  private Matrix lowRank; // [N, r]
  private Matrix dLowRank; // [N, r]
  private Matrix masked; // [N, max(D, H S, F)]
  private Optional<Matrix> logits = Optional.empty(); // [n, V]

  Buffers(Architecture architecture, Adapter adapter, Backend backend) {
    this.architecture = architecture;
    this.sizes = Sizes.of(architecture);
    this.backend = backend;
    this.rank = rank(adapter);
    this.firstTrainedBlock = TrainedTensors.firstBlock(architecture, adapter);
  }

  private static int rank(Adapter adapter) {
    return adapter instanceof Adapter.Lora lora ? lora.rank() : 0;
  }

  /**
   * Allocates memory for a pass.
   *
   * @param blocks number of blocks to run
   */
  void reserve(int rows, PassKind kind, int blocks) {
    boolean training = kind == PassKind.TRAINING;
    int needed = training ? slots(blocks, firstTrainedBlock) : 1;
    if (rows > capacity || (training && !trains)) {
      allocate(Math.max(capacity, rounded(rows)), trains || training, slots.size());
    }
    while (slots.size() < needed) {
      slots.add(new Slot(sizes, backend, capacity));
    }
  }

  private static int slots(int blocks, int firstTrainedBlock) {
    return Math.max(1, blocks - firstTrainedBlock);
  }

  private void allocate(int newCapacity, boolean newTrains, int slotCount) {
    close();
    capacity = newCapacity;
    trains = newTrains;
    for (int i = 0; i < slotCount; i++) {
      slots.add(new Slot(sizes, backend, capacity));
    }
    int d = sizes.hidden();
    output = share(capacity, d);
    normed = share(capacity, d);
    activated = share(capacity, sizes.activated());
    hidden = share(capacity, d);
    hiddenInverse = share(capacity, 1);
    if (rank > 0) {
      lowRank = share(capacity, rank);
      dLowRank = share(capacity, rank);
      masked = share(capacity, sizes.widestInput());
    }
    if (trains) {
      dHidden = share(capacity, d);
      dResidual = share(capacity, d);
      dNormed = share(capacity, d);
      dAttended = share(capacity, sizes.attended());
      dQkv = share(capacity, sizes.queryKeyValue());
      dActivated = share(capacity, sizes.activated());
    }
  }

  /** Purpose of a pass. */
  enum PassKind {
    TRAINING,
    EVALUATION
  }

  private static int rounded(int rows) {
    return (rows + ROW_ROUNDING - 1) / ROW_ROUNDING * ROW_ROUNDING;
  }

  private static int chunkRows(Architecture architecture, DataType type, int rows) {
    long fitting = LOGIT_BYTES / ((long) type.width() * architecture.vocabularySize());
    return (int) Math.max(1, Math.min(rows, fitting));
  }

  private Matrix share(int rows, int columns) {
    Matrix matrix = backend.matrix(rows, columns);
    shared.add(matrix);
    return matrix;
  }

  /** Elements that one block keeps for its backward pass. */
  static long slotElements(Architecture architecture, int rows) {
    return rounded(rows) * Slot.elements(Sizes.of(architecture));
  }

  /**
   * Elements that all blocks and the head share in a training step, including one chunk of logits.
   */
  static long sharedElements(Architecture architecture, Adapter adapter, DataType type, int rows) {
    Sizes sizes = Sizes.of(architecture);
    int rank = rank(adapter);
    long perRow =
        6L * sizes.hidden()
            + 1
            + 2L * sizes.activated()
            + sizes.attended()
            + sizes.queryKeyValue()
            + (rank > 0 ? 2L * rank + sizes.widestInput() : 0);
    int allocated = rounded(rows);
    return allocated * perRow
        + (long) chunkRows(architecture, type, allocated) * architecture.vocabularySize();
  }

  /** The slot of a block. */
  Slot slot(int block, PassKind kind) {
    return slots.get(index(block, kind));
  }

  private int index(int block, PassKind kind) {
    return kind == PassKind.TRAINING ? Math.max(0, block - firstTrainedBlock) : 0;
  }

  /** Output of a block: the next block's input, or the output of the last block. */
  Matrix after(int block, PassKind kind) {
    int next = index(block + 1, kind);
    return block == architecture.layers() - 1 || next >= slots.size()
        ? output
        : slots.get(next).input;
  }

  Matrix output(int rows) {
    return output.top(rows);
  }

  Matrix normed(int rows) {
    return normed.top(rows);
  }

  Matrix activated(int rows) {
    return activated.top(rows);
  }

  Matrix hidden(int rows) {
    return hidden.top(rows);
  }

  Matrix hiddenInverse(int rows) {
    return hiddenInverse.top(rows);
  }

  Matrix dHidden(int rows) {
    return dHidden.top(rows);
  }

  Matrix dResidual(int rows) {
    return dResidual.top(rows);
  }

  Matrix dNormed(int rows) {
    return dNormed.top(rows);
  }

  Matrix dAttended(int rows) {
    return dAttended.top(rows);
  }

  Matrix dQkv(int rows) {
    return dQkv.top(rows);
  }

  Matrix dActivated(int rows) {
    return dActivated.top(rows);
  }

  Matrix lowRank(int rows) {
    return lowRank.top(rows);
  }

  Matrix dLowRank(int rows) {
    return dLowRank.top(rows);
  }

  Matrix masked(int rows, int columns) {
    return masked.top(rows).columns(0, columns);
  }

  /** Rows of one chunk of logits. */
  int chunkRows() {
    return chunkRows(architecture, backend.type(), capacity);
  }

  /** Allocated at the first use: losses of activations need none. */
  Matrix logits(int rows) {
    if (logits.isEmpty()) {
      logits = Optional.of(share(chunkRows(), architecture.vocabularySize()));
    }
    return logits.get().top(rows);
  }

  /** Frees all memory. */
  void close() {
    shared.forEach(Matrix::close);
    shared.clear();
    logits = Optional.empty();
    slots.forEach(Slot::close);
    slots.clear();
    capacity = 0;
    trains = false;
  }
}
