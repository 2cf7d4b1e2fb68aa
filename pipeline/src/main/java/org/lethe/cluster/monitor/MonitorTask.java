package org.lethe.cluster.monitor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.transport.StateHandle;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.monitor.MonitoredRow;
import org.lethe.evaluation.monitor.RowReader;
import org.lethe.evaluation.monitor.RowScore;
import org.lethe.model.Decoder;

/**
 * Reads every W-th batch of a sample.
 *
 * @param workers W
 * @param state parameters of the point
 * @param initial whether these are the initial parameters
 */
record MonitorTask(
    DecoderSource source,
    RowSample sample,
    double level,
    int workers,
    StateHandle state,
    boolean initial,
    Broadcast<SerializableConfiguration> hadoop)
    implements FlatMapFunction<Iterator<Integer>, MonitorTask.Report> {

  /**
   * Scores of a task's rows, or its failure. Tasks do not throw, because a retry would fail again.
   *
   * @param scores scores of all rows
   * @param failure exit class of the failure, or SUCCESS
   * @param message cause of the failure, or empty
   */
  record Report(List<RowScore> scores, ExitClass failure, String message) implements Serializable {
    List<RowScore> orThrow() {
      if (failure != ExitClass.SUCCESS) {
        throw new LetheException(failure, message);
      }
      return scores;
    }
  }

  @Override
  public Iterator<Report> call(Iterator<Integer> tasks) {
    List<Report> reports = new ArrayList<>();
    tasks.forEachRemaining(worker -> reports.add(read(worker, hadoop.value().value())));
    return reports.iterator();
  }

  private Report read(int worker, Configuration configuration) {
    try {
      List<List<MonitoredRow>> batches = sample.batches(configuration);
      List<RowScore> scores = new ArrayList<>();
      RowReader reader = new RowReader(level);
      try (ResidentModel.Lease lease = ResidentModel.lease(source, configuration)) {
        Decoder decoder = lease.decoder();
        state.writeTo(List.of(decoder.parameters()));
        for (int i = worker; i < batches.size(); i += workers) {
          List<MonitoredRow> batch = batches.get(i);
          RowReader.Initial before =
              InitialDistributions.of(
                  new InitialDistributions.Key(source, sample, i),
                  () -> initial(reader, decoder, batch, configuration));
          scores.addAll(reader.scores(decoder, batch, before));
        }
        lease.done(ResidentModel.Parameters.CHANGED);
      }
      return new Report(scores, ExitClass.SUCCESS, "");
    } catch (LetheException e) {
      return new Report(List.of(), e.exitClass(), e.getMessage());
    }
  }

  /** Loads the initial model if this process lost its distributions, for instance by a restart. */
  private RowReader.Initial initial(
      RowReader reader, Decoder decoder, List<MonitoredRow> batch, Configuration configuration) {
    if (initial || batch.stream().noneMatch(MonitoredRow::diverges)) {
      return reader.initial(decoder, batch);
    }
    try (Decoder loaded = source.load(configuration)) {
      return reader.initial(loaded, batch);
    }
  }
}
