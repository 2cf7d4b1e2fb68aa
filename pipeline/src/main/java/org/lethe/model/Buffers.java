package org.lethe.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.layer.Activations;
import org.lethe.model.layer.BlockSizes;
import org.lethe.model.layer.NormStep;
import org.lethe.model.layer.Slot;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Memory of activations. It is kept from step to step and grows with the batch: fresh pages would
 * cost more than the arithmetic on them. A training pass has one input for each block of its
 * backward pass, and one slot, unless activations are recomputed. The blocks below share the lowest
 * ones, and so do all blocks of any other pass.
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
  private final Activations activations;
  private final List<Matrix> shared = new ArrayList<>();
  private final List<Matrix> inputs = new ArrayList<>(); // [N, D] each
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

  Buffers(Architecture architecture, Adapter adapter, Backend backend, Activations activations) {
    this.architecture = architecture;
    this.sizes = BlockSizes.of(architecture);
    this.backend = backend;
    this.rank = rank(adapter);
    this.firstTrainedBlock = TrainedTensors.firstBlock(architecture, adapter);
    this.activations = activations;
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
      allocate(Math.max(capacity, rounded(rows)), kept, inputs.size());
    }
    while (inputs.size() < needed) {
      addBlock();
    }
  }

  /** Evaluation uses the first block only; the others hold as many rows as training needs. */
  private void addBlock() {
    int rows = inputs.isEmpty() ? capacity : trainedRows;
    inputs.add(backend.matrix(rows, sizes.hidden()));
    if (slots.isEmpty() || activations == Activations.KEPT) {
      slots.add(new Slot(sizes, backend, rows));
    }
  }

  private static int slots(int blocks, int firstTrainedBlock) {
    return Math.max(1, blocks - firstTrainedBlock);
  }

  private void allocate(int newCapacity, int newTrainedRows, int blocks) {
    close();
    capacity = newCapacity;
    trainedRows = newTrainedRows;
    for (int i = 0; i < blocks; i++) {
      addBlock();
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

  /** Elements of one slot. */
  static long slotElements(Architecture architecture, int rows) {
    return rounded(rows) * Slot.elements(BlockSizes.of(architecture));
  }

  /** Elements of the input of one block. */
  static long inputElements(Architecture architecture, int rows) {
    return (long) rounded(rows) * architecture.hiddenSize();
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
    return slots.get(Math.min(index(block, kind), slots.size() - 1));
  }

  /** The input of a block, [N, D]. */
  Matrix input(int block, PassKind kind) {
    return inputs.get(index(block, kind));
  }

  /** Whether a block's activations must be computed again before its backward pass. */
  boolean recomputes() {
    return activations == Activations.RECOMPUTED;
  }

  private int index(int block, PassKind kind) {
    return kind == PassKind.TRAINING ? Math.max(0, block - firstTrainedBlock) : 0;
  }

  /** Output of a block: the next block's input, or the output of the last block. */
  Matrix after(int block, PassKind kind) {
    int next = index(block + 1, kind);
    return block == architecture.layers() - 1 || next >= inputs.size() ? output : inputs.get(next);
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
    inputs.forEach(Matrix::close);
    inputs.clear();
    slots.forEach(Slot::close);
    slots.clear();
    capacity = 0;
    trainedRows = 0;
  }
}
