package org.lethe.cluster.monitor;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.DecoderSource;
import org.lethe.evaluation.monitor.MonitorReading;
import org.lethe.evaluation.monitor.MonitorSample;
import org.lethe.evaluation.monitor.MonitoredRow;
import org.lethe.evaluation.monitor.ReadingFigures;
import org.lethe.evaluation.monitor.RowReader;
import org.lethe.evaluation.monitor.RowScore;
import org.lethe.evaluation.monitor.StopSettings;
import org.lethe.model.Decoder;

/** Reads a model in the process that trains it. A reading equals that of {@link Monitor}. */
public final class LocalMonitor {
  private final DecoderSource source;
  private final StopSettings settings;
  private final RowSample sample;
  private final Configuration hadoop;

  /**
   * A monitor of one training, on the decision sample.
   *
   * @param source the model that is trained
   * @param plan rules and files of unseen rows
   * @param forget shard files of the forget rows
   * @param retain shard files of the retain rows
   */
  public LocalMonitor(
      DecoderSource source,
      MonitorPlan plan,
      List<String> forget,
      List<String> retain,
      Configuration hadoop) {
    this.source = source;
    this.settings = plan.stop();
    this.hadoop = hadoop;
    this.sample =
        new RowSample(
            MonitorFiles.of(plan, forget, retain), settings.decisionRows(), settings.seed());
  }

  /**
   * Reads the model. The first reading must be of the initial parameters.
   *
   * @param round completed rounds; 0 for the initial parameters
   * @param position place on the line from the round before, 1 for the round itself
   * @throws org.lethe.error.LetheException DIVERGED if a loss is not finite; INPUT if a set has no
   *     rows
   */
  public MonitorReading read(Decoder decoder, int round, double position) {
    RowReader reader = new RowReader(settings.marginLevel());
    List<List<MonitoredRow>> batches = sample.batches(hadoop);
    List<RowScore> scores = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      List<MonitoredRow> batch = batches.get(i);
      scores.addAll(reader.scores(decoder, batch, initial(reader, decoder, round, batch, i)));
    }
    return new ReadingFigures(scores, settings.seed())
        .reading(round, position, MonitorSample.DECISION);
  }

  private RowReader.Initial initial(
      RowReader reader, Decoder decoder, int round, List<MonitoredRow> batch, int index) {
    return InitialDistributions.of(
        new InitialDistributions.Key(source, sample, index),
        () -> {
          if (round == 0 || batch.stream().noneMatch(MonitoredRow::diverges)) {
            return reader.initial(decoder, batch);
          }
          // This process lost the distributions to those of another training.
          try (Decoder loaded = source.load(hadoop)) {
            return reader.initial(loaded, batch);
          }
        });
  }
}
