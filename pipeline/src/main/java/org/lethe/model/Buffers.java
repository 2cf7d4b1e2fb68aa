package org.lethe.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.layer.BlockSizes;
import org.lethe.model.layer.NormStep;
import org.lethe.model.layer.Slot;
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

  private final Architecture architecture;
  private final BlockSizes sizes;
  private final Backend backend;
  private final int rank;
  private final int firstTrainedBlock;
  private final List<Matrix> shared = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private int capacity;
  private int trainedRows;

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
  private Optional<Matrix> byHead = Optional.empty(); // [N, E]
  private Optional<Matrix> dQueriesAndKeys = Optional.empty(); // [N, (H + K) S]
  private Optional<Matrix> dUnnormed = Optional.empty(); // [N, D]
  private NormStep.Scratch normScratch = new NormStep.Scratch(List.of()); // [N, D] each
  private Matrix lowRank; // [N, r]
  private Matrix dLowRank; // [N, r]
  private Matrix masked; // [N, max(D, H S, F)]
  private Optional<Matrix> logits = Optional.empty(); // [n, V]
  private Optional<Matrix> capped = Optional.empty(); // [n, V]
  private Optional<Matrix> rowFactors = Optional.empty(); // [n, 1]

  Buffers(Architecture architecture, Adapter adapter, Backend backend) {
    this.architecture = architecture;
    this.sizes = BlockSizes.of(architecture);
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
    if (rows > (training ? trainedRows : capacity)) {
      int kept = Math.max(trainedRows, training ? rounded(rows) : 0);
      allocate(Math.max(capacity, rounded(rows)), kept, slots.size());
    }
    while (slots.size() < needed) {
      addSlot();
    }
  }

  /** Evaluation uses the first slot only; the others hold as many rows as training needs. */
  private void addSlot() {
    slots.add(new Slot(sizes, backend, slots.isEmpty() ? capacity : trainedRows));
  }

  private static int slots(int blocks, int firstTrainedBlock) {
    return Math.max(1, blocks - firstTrainedBlock);
  }

  private void allocate(int newCapacity, int newTrainedRows, int slotCount) {
    close();
    capacity = newCapacity;
    trainedRows = newTrainedRows;
    for (int i = 0; i < slotCount; i++) {
      addSlot();
    }
    int d = sizes.hidden();
    output = share(capacity, d);
    normed = share(capacity, d);
    activated = share(capacity, sizes.activated());
    hidden = share(capacity, d);
    hiddenInverse = share(capacity, 1);
    if (sizes.byHead() > 0) {
      byHead = Optional.of(share(capacity, sizes.byHead()));
    }
    if (sizes.centred() > 0) {
      normScratch = new NormStep.Scratch(List.of(share(capacity, d), share(capacity, d)));
    }
    if (rank > 0) {
      lowRank = share(capacity, rank);
      dLowRank = share(capacity, rank);
      masked = share(capacity, sizes.widestInput());
    }
    if (trainedRows > 0) {
      dHidden = share(capacity, d);
      dResidual = share(capacity, d);
      dNormed = share(capacity, d);
      dAttended = share(capacity, sizes.attended());
      dQkv = share(capacity, sizes.queryKeyValue());
      dActivated = share(capacity, sizes.activated());
      if (sizes.normedHeads() > 0) {
        dQueriesAndKeys = Optional.of(share(capacity, sizes.normedHeads()));
      }
      if (sizes.unnormed() > 0) {
        dUnnormed = Optional.of(share(capacity, sizes.unnormed()));
      }
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

  static int chunkRows(Architecture architecture, DataType type, int rows) {
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
    return rounded(rows) * Slot.elements(BlockSizes.of(architecture));
  }

  /**
   * Elements that all blocks and the head share in a training step, including one chunk of logits.
   */
  static long sharedElements(Architecture architecture, Adapter adapter, DataType type, int rows) {
    BlockSizes sizes = BlockSizes.of(architecture);
    int rank = rank(adapter);
    long perRow =
        6L * sizes.hidden()
            + 1
            + 2L * sizes.activated()
            + sizes.attended()
            + sizes.queryKeyValue()
            + sizes.byHead()
            + 2L * sizes.centred()
            + sizes.normedHeads()
            + sizes.unnormed()
            + (rank > 0 ? 2L * rank + sizes.widestInput() : 0);
    int allocated = rounded(rows);
    long chunks = architecture.head().softCap().isPresent() ? 2 : 1;
    return allocated * perRow
        + chunks * chunkRows(architecture, type, allocated) * architecture.vocabularySize();
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

  /** Outputs of a fused map whose order differs from that of attention. */
  Matrix byHead(int rows) {
    return byHead.orElseThrow().top(rows);
  }

  Matrix dQueriesAndKeys(int rows) {
    return dQueriesAndKeys.orElseThrow().top(rows);
  }

  /** Gradient of a half's result before its norm. */
  Matrix dUnnormed(int rows) {
    return dUnnormed.orElseThrow().top(rows);
  }

  /** Memory of LayerNorm, if the model has it. */
  NormStep.Scratch normScratch() {
    return normScratch;
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

  /** Logits after their cap, which the backward pass needs. Allocated at the first use. */
  Matrix capped(int rows) {
    if (capped.isEmpty()) {
      capped = Optional.of(share(chunkRows(), architecture.vocabularySize()));
    }
    return capped.get().top(rows);
  }

  /** Factors of the rows of a chunk. Allocated at the first use. */
  Matrix rowFactors(int rows) {
    if (rowFactors.isEmpty()) {
      rowFactors = Optional.of(share(chunkRows(), 1));
    }
    return rowFactors.get().top(rows);
  }

  /** Frees all memory. */
  void close() {
    shared.forEach(Matrix::close);
    shared.clear();
    logits = Optional.empty();
    capped = Optional.empty();
    rowFactors = Optional.empty();
    slots.forEach(Slot::close);
    slots.clear();
    capacity = 0;
    trainedRows = 0;
  }
}
