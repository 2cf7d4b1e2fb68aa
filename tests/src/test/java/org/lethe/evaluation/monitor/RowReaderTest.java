package org.lethe.evaluation.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.lethe.cluster.TinyDecoder;
import org.lethe.corpus.ShardFixture;
import org.lethe.evaluation.AnswerLikelihood;
import org.lethe.evaluation.DecoderAnswerModel;
import org.lethe.evaluation.Memorisation;
import org.lethe.evaluation.TokenScores;
import org.lethe.model.Decoder;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** A monitor reads what an evaluation of the same rows measures. */
final class RowReaderTest {
  private static final List<Example> EXAMPLES = ShardFixture.examples("row", 5, 64);
  private static final List<MonitoredRow> ROWS =
      IntStream.range(0, EXAMPLES.size())
          .mapToObj(i -> new MonitoredRow(MonitorSet.RETAIN, i, EXAMPLES.get(i), i % 2 == 0))
          .toList();

  @Test
  void scoresEqualThoseOfAnEvaluation() {
    try (Decoder decoder = TinyDecoder.FLOAT.load(new Configuration())) {
      RowReader reader = new RowReader(0);
      List<RowScore> scores = reader.scores(decoder, ROWS, reader.initial(decoder, ROWS));
      List<TokenScores> expected =
          new DecoderAnswerModel(decoder, Set.of(), tokens -> "").score(Batch.of(EXAMPLES));

      for (int i = 0; i < scores.size(); i++) {
        boolean[] hits = Arrays.copyOf(expected.get(i).hits(), expected.get(i).hits().length - 1);
        assertThat(scores.get(i).loss())
            .isCloseTo(AnswerLikelihood.meanLoss(expected.get(i).losses()), within(1e-6));
        assertThat(scores.get(i).exactMemorisation())
            .isEqualTo(Memorisation.exactMemorisation(hits));
        assertThat(scores.get(i).extractionStrength())
            .isEqualTo(Memorisation.extractionStrength(hits));
        // A gap above 0 is a token that is the first choice.
        assertThat(scores.get(i).positions() - scores.get(i).closed())
            .isEqualTo(IntStream.range(0, hits.length).filter(t -> hits[t]).count());
      }
    }
  }

  @Test
  void theDivergenceIsThatOfTheWholeDistributions() {
    try (Decoder initial = TinyDecoder.FLOAT.load(new Configuration());
        Decoder other = TinyDecoder.FLOAT.load(new Configuration())) {
      other.parameters().math().axpby(0, other.parameters(), 0.8, other.parameters());
      RowReader reader = new RowReader(0);
      List<RowScore> scores = reader.scores(other, ROWS, reader.initial(initial, ROWS));

      for (int i = 0; i < scores.size(); i++) {
        if (i % 2 == 0) {
          assertThat(scores.get(i).divergence())
              .isCloseTo(divergence(initial, other, EXAMPLES.get(i)), within(1e-5))
              .isPositive();
        } else {
          assertThat(scores.get(i).divergence()).isNaN();
        }
      }
    }
  }

  /** KL(initial || other), mean over the completion's positions. */
  private static double divergence(Decoder initial, Decoder other, Example example) {
    List<double[]> from = logProbabilities(initial, example);
    List<double[]> to = logProbabilities(other, example);
    double sum = 0;
    for (int t = 0; t < from.size(); t++) {
      for (int v = 0; v < from.get(t).length; v++) {
        sum += Math.exp(from.get(t)[v]) * (from.get(t)[v] - to.get(t)[v]);
      }
    }
    return sum / from.size();
  }

  private static List<double[]> logProbabilities(Decoder decoder, Example example) {
    List<double[]> rows = new ArrayList<>();
    decoder.forward(
        Batch.of(List.of(example)),
        chunk -> {
          int vocabulary = chunk.logits().columns();
          double[] logits = new double[chunk.rows() * vocabulary];
          chunk.logits().download(logits);
          for (int row = 0; row < chunk.rows(); row++) {
            double[] one = Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
            double sum = Math.log(Arrays.stream(one).map(Math::exp).sum());
            rows.add(Arrays.stream(one).map(logit -> logit - sum).toArray());
          }
        });
    return rows;
  }

  @Test
  void theLargestTokensOfALargeVocabularyAreKept() {
    float[] logits = new float[1000];
    for (int token = 0; token < logits.length; token++) {
      logits[token] = token * 7 % 1000; // A permutation of 0 to 999.
    }

    assertThat(Arrays.stream(LargestTokens.of(logits, 0, 1000)).boxed().toList())
        .hasSize(LargestTokens.KEPT)
        .isSorted()
        .allMatch(token -> logits[token] >= 1000 - LargestTokens.KEPT);
  }

  @Test
  void theRestCountsAsOneToken() {
    // 0.5 and a rest of 0.5 against 0.25 and a rest of 0.75.
    LargestTokens mine =
        new LargestTokens(new int[][] {{3}}, new float[][] {{(float) Math.log(0.5)}});

    assertThat(mine.divergence(0, new double[] {Math.log(0.25)}))
        .isCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(0.5 / 0.75), within(1e-7));
  }
}
