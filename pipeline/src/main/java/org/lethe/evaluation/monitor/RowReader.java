package org.lethe.evaluation.monitor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.Memorisation;
import org.lethe.model.Decoder;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Reads rows under teacher forcing, in one forward pass of a batch. */
public final class RowReader {
  private final double level;

  /**
   * @param level logit gap at or below which a position counts as closed
   */
  public RowReader(double level) {
    this.level = level;
  }

  /** The distributions of the initial model on the rows of a batch that need them. */
  public record Initial(List<Optional<LargestTokens>> rows) {
    public Initial {
      rows = List.copyOf(rows);
    }
  }

  /** Returns the distributions of a model with its initial parameters. */
  public Initial initial(Decoder decoder, List<MonitoredRow> rows) {
    List<MonitoredRow> needed = rows.stream().filter(MonitoredRow::diverges).toList();
    List<Optional<LargestTokens>> found = new ArrayList<>();
    if (needed.isEmpty()) {
      rows.forEach(row -> found.add(Optional.empty()));
      return new Initial(found);
    }
    List<Sheet> sheets = needed.stream().map(row -> new Sheet(row.example())).toList();
    Progress progress = new Progress(sheets);
    decoder.forward(batch(needed), chunk -> progress.read(chunk, Sheet::keepLargest));
    int next = 0;
    for (MonitoredRow row : rows) {
      found.add(row.diverges() ? Optional.of(sheets.get(next++).largest()) : Optional.empty());
    }
    return new Initial(found);
  }

  /** Returns the scores of the rows of a batch, in their order. */
  public List<RowScore> scores(Decoder decoder, List<MonitoredRow> rows, Initial initial) {
    List<Sheet> sheets = rows.stream().map(row -> new Sheet(row.example())).toList();
    for (int b = 0; b < rows.size(); b++) {
      sheets.get(b).initial = initial.rows().get(b);
    }
    Progress progress = new Progress(sheets);
    decoder.forward(batch(rows), chunk -> progress.read(chunk, Sheet::score));
    List<RowScore> scores = new ArrayList<>();
    for (int b = 0; b < rows.size(); b++) {
      scores.add(sheets.get(b).result(rows.get(b), level));
    }
    return scores;
  }

  private static Batch batch(List<MonitoredRow> rows) {
    return Batch.of(rows.stream().map(MonitoredRow::example).toList());
  }

  /**
   * The logits of one position.
   *
   * @param logits raw logits of a chunk
   * @param from index of the position's first logit
   * @param vocabulary number of logits
   * @param target the answer's token
   * @param largest the first choice
   * @param loss loss of the target
   */
  private record Position(
      float[] logits, int from, int vocabulary, int target, int largest, double loss) {
    double logit(int token) {
      return logits[from + token];
    }

    /** Logarithm of the sum over the vocabulary of exp(logit). */
    double logSum() {
      return loss + logit(target);
    }

    /** Logit of the target minus the largest other logit. */
    double gap() {
      if (largest != target) {
        return logit(target) - logit(largest);
      }
      double second = Double.NEGATIVE_INFINITY;
      for (int token = 0; token < vocabulary; token++) {
        if (token != target) {
          second = Math.max(second, logit(token));
        }
      }
      return logit(target) - second;
    }
  }

  /** Receives the positions of a row in order. */
  private interface Reader {
    void read(Sheet sheet, Position position);
  }

  /** Passes the rows of chunks to the sheets of their sequences. */
  private record Progress(List<Sheet> sheets) {
    void read(LogitChunk chunk, Reader reader) {
      int vocabulary = chunk.logits().columns();
      float[] logits = new float[chunk.rows() * vocabulary];
      chunk.logits().download(logits);
      int[] largest = chunk.compute().largest(chunk.logits());
      int[] targets = chunk.targets();
      int[] sequences = chunk.sequences();
      double[] losses = chunk.tokenLosses();
      for (int row = 0; row < losses.length; row++) {
        reader.read(
            sheets.get(sequences[row]),
            new Position(
                logits, row * vocabulary, vocabulary, targets[row], largest[row], losses[row]));
      }
    }
  }

  /** Collects the positions of one row. */
  private static final class Sheet {
    private final Example example;
    private final boolean[] hits;
    private final double[] gaps;
    private final int[][] tokens;
    private final float[][] logProbabilities;
    private Optional<LargestTokens> initial = Optional.empty();
    private double loss;
    private double divergence;
    private int next;

    Sheet(Example example) {
      this.example = example;
      int count = example.completionTokens();
      hits = new boolean[count];
      gaps = new double[count];
      tokens = new int[count][];
      logProbabilities = new float[count][];
    }

    void keepLargest(Position position) {
      int[] kept = LargestTokens.of(position.logits, position.from, position.vocabulary);
      float[] values = new float[kept.length];
      for (int k = 0; k < kept.length; k++) {
        values[k] = (float) (position.logit(kept[k]) - position.logSum());
      }
      tokens[next] = kept;
      logProbabilities[next] = values;
      next++;
    }

    LargestTokens largest() {
      return new LargestTokens(tokens, logProbabilities);
    }

    void score(Position position) {
      loss += position.loss;
      hits[next] = position.largest == position.target;
      gaps[next] = position.gap();
      if (initial.isPresent()) {
        int[] kept = initial.get().tokens()[next];
        double[] values = new double[kept.length];
        for (int k = 0; k < kept.length; k++) {
          values[k] = position.logit(kept[k]) - position.logSum();
        }
        divergence += initial.get().divergence(next, values);
      }
      next++;
    }

    RowScore result(MonitoredRow row, double level) {
      double mean = loss / hits.length;
      if (!Double.isFinite(mean)) {
        throw EvaluationErrors.notFinite("loss", mean, example.id());
      }
      // The end token is no part of the answer.
      int length = hits.length - 1;
      boolean[] answer = Arrays.copyOf(hits, length);
      double[] answerGaps = Arrays.copyOf(gaps, length);
      return new RowScore(
          row.set(),
          row.index(),
          mean,
          Memorisation.exactMemorisation(answer),
          Memorisation.extractionStrength(answer),
          Arrays.stream(answerGaps).sum(),
          Arrays.stream(answerGaps).filter(gap -> gap <= level).count(),
          length,
          initial.isPresent() ? divergence / hits.length : Double.NaN);
    }
  }
}
