package org.lethe.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.model.TensorCut.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Final norm and language-model head. Logits exist for a chunk of rows at a time, and only for rows
 * that the loss covers.
 */
final class HeadLayer extends DecoderLayer<HeadLayer.Weights> {
  private static final long serialVersionUID = 1L;
  private static final String NORM = "model.norm.weight";
  private static final String HEAD = "lm_head.weight";

  /**
   * @param norm [1, D]
   * @param head [V, D], empty if tied to the embedding
   */
  record Weights(Parts norm, Parts head) {}

  private final transient DecoderConfig config;
  private transient EmbeddingLayer embedding;

  HeadLayer(NeuralNetConfiguration conf, Backend backend, DecoderConfig config) {
    super(conf, backend);
    this.config = config;
  }

  static List<Tensor> tensors(DecoderConfig config) {
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(Tensor.vector(NORM, config.hiddenSize()));
    if (!config.tiedHead()) {
      tensors.add(Tensor.matrix(HEAD, config.vocabularySize(), config.hiddenSize()));
    }
    return tensors;
  }

  /** The layer whose table serves as head if they are tied. */
  void tie(EmbeddingLayer layer) {
    embedding = layer;
  }

  @Override
  Weights matrices(TensorCut given) {
    List<Tensor> tensors = tensors(config);
    return new Weights(
        given.parts(tensors.subList(0, 1)), given.parts(tensors.subList(1, tensors.size())));
  }

  private Matrix head() {
    return (config.tiedHead() ? embedding.weights() : weights().head()).whole();
  }

  private Parts headGradient() {
    return config.tiedHead() ? embedding.weightGradients() : weightGradients().head();
  }

  @Override
  Matrix received(INDArray given, Pass pass) {
    return copied(given, pass.buffers().output(pass.count()));
  }

  @Override
  Matrix dOutput(Pass pass) {
    return pass.buffers().dHidden(pass.rows().covered().length);
  }

  /** Takes the covered rows of the last block's output and normalises them, [C, D]. */
  @Override
  Matrix forward(Matrix x, Pass pass) {
    int[] covered = pass.rows().covered();
    Matrix rows = pass.buffers().hidden(covered.length);
    Matrix normed = pass.buffers().normed(covered.length);
    pass.rows().gather(pass.compute(), x, rows);
    pass.compute()
        .normalize(
            rows,
            weights().norm().whole(),
            config.normEpsilon(),
            pass.buffers().hiddenInverse(covered.length),
            normed);
    return normed;
  }

  /** From the gradient of the normalised covered rows, [C, D], to that of all rows, [N, D]. */
  @Override
  Matrix backward(Matrix dNormed, Pass pass) {
    int[] covered = pass.rows().covered();
    Compute compute = pass.compute();
    Matrix rows = pass.buffers().hidden(covered.length);
    Matrix inverse = pass.buffers().hiddenInverse(covered.length);
    weightGradients()
        .norm()
        .forEach(g -> compute.normalizeWeightGradient(dNormed, rows, inverse, g.matrix()));
    Matrix dX = pass.buffers().dResidual(pass.count());
    compute.clear(dX);
    for (int c = 0; c < covered.length; ) {
      int run = pass.rows().run(c);
      compute.normalizeBackward(
          dNormed.rows(c, run),
          rows.rows(c, run),
          weights().norm().whole(),
          inverse.rows(c, run),
          dX.rows(covered[c], run));
      c += run;
    }
    return dX;
  }

  /** Logits of normalised rows, into the pass's chunk. */
  Matrix logits(Matrix normed, Pass pass) {
    Matrix logits = pass.buffers().logits(normed.rows());
    pass.compute().multiply(Form.AS_IS, normed, Form.TRANSPOSED, head(), 1, 0, logits);
    return logits;
  }

  /** Hands the logits of all covered rows out, chunk by chunk. */
  void read(Matrix normed, Pass pass, Consumer<LogitChunk> reader) {
    for (RowRange range : chunks(pass.rows().sequences(), pass.buffers().chunkRows())) {
      Matrix logits = logits(normed.rows(range.first(), range.count()), pass);
      reader.accept(new Chunk(pass, logits, range));
    }
  }

  /**
   * Loss and gradient over all covered rows.
   *
   * @param dNormed filled with dLoss/dNormed, [C, D]
   * @return the summed loss
   */
  double accumulate(Matrix normed, Pass pass, LogitLoss loss, Matrix dNormed) {
    double sum = 0;
    for (RowRange range : chunks(pass.rows().sequences(), pass.buffers().chunkRows())) {
      sum += accumulate(normed, pass, range, loss, dNormed);
    }
    return sum;
  }

  /** The same for a loss of whole sequences. */
  double accumulate(Matrix normed, Pass pass, SequenceLoss loss, Matrix dNormed) {
    GroupedRows grouped = new GroupedRows(loss, pass.rows().batchSize());
    int[] groups = Arrays.stream(pass.rows().sequences()).map(grouped::group).toArray();
    List<RowRange> ranges = chunks(groups, pass.buffers().chunkRows());
    // The head alone is run twice for groups that do not fit into one chunk.
    for (RowRange range : ranges) {
      if (range.whole() == SequenceCover.PARTIAL) {
        Matrix logits = logits(normed.rows(range.first(), range.count()), pass);
        grouped.readAhead(new Chunk(pass, logits, range));
      }
    }
    double sum = 0;
    for (RowRange range : ranges) {
      sum += accumulate(normed, pass, range, grouped, dNormed);
    }
    return sum;
  }

  private double accumulate(
      Matrix normed, Pass pass, RowRange range, LogitLoss loss, Matrix dNormed) {
    Compute compute = pass.compute();
    Matrix rows = normed.rows(range.first(), range.count());
    Matrix dRows = dNormed.rows(range.first(), range.count());
    Chunk chunk = new Chunk(pass, logits(rows, pass), range);
    double sum = loss.apply(chunk);
    Matrix dLogits = chunk.gradient();
    compute.multiply(Form.AS_IS, dLogits, Form.AS_IS, head(), 1, 0, dRows);
    // The factor of a row of dLogits moves to the rows on the other side of each product, which
    // are V / D times shorter. The normalised rows are not needed again.
    chunk
        .rowFactors()
        .ifPresent(
            factors -> {
              compute.scaleRows(factors, dRows);
              compute.scaleRows(factors, rows);
            });
    headGradient()
        .forEach(
            g -> compute.multiply(Form.TRANSPOSED, dLogits, Form.AS_IS, rows, 1, 1, g.matrix()));
    return sum;
  }

  /**
   * @param first covered row
   * @param count of covered rows
   * @param whole whether all its sequences are complete in it
   */
  record RowRange(int first, int count, SequenceCover whole) {}

  /** Whether a chunk holds its sequences completely. */
  enum SequenceCover {
    WHOLE,
    PARTIAL
  }

  /** Whole sequences (or groups) as long as they fit; one that does not fit alone is cut. */
  static List<RowRange> chunks(int[] sequences, int limit) {
    List<RowRange> chunks = new ArrayList<>();
    int first = 0;
    int end = 0;
    while (end < sequences.length) {
      int next = endOfSequence(sequences, end);
      if (next - first <= limit) {
        end = next;
      } else if (end > first) {
        chunks.add(new RowRange(first, end - first, SequenceCover.WHOLE));
        first = end;
      } else {
        for (; first < next; first += limit) {
          int count = Math.min(limit, next - first);
          chunks.add(new RowRange(first, count, SequenceCover.PARTIAL));
        }
        first = next;
        end = next;
      }
    }
    if (end > first) {
      chunks.add(new RowRange(first, end - first, SequenceCover.WHOLE));
    }
    return chunks;
  }

  private static int endOfSequence(int[] sequences, int from) {
    int end = from;
    while (end < sequences.length && sequences[end] == sequences[from]) {
      end++;
    }
    return end;
  }
}
