package org.lethe.cluster.training;

import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.training.LocalWork.Side;
import org.lethe.cluster.transport.Contribution;
import org.lethe.cluster.transport.RoundWork;
import org.lethe.cluster.transport.StateHandle;
import org.lethe.compute.FlatVector;
import org.lethe.run.PhaseHook;

/** A worker's part of a round: receives the state, trains, and contributes its vectors. */
record WorkerTask(
    TrainingSettings settings,
    DecoderSource source,
    List<WorkerShards> shards,
    List<String> references,
    int round,
    long step,
    double rateFactor,
    double dualVariable,
    Broadcast<SerializableConfiguration> hadoop)
    implements RoundWork<WorkerReport> {

  @Override
  public Contribution<WorkerReport> run(int worker, StateHandle state) {
    Configuration configuration = hadoop.value().value();
    ResidentModel.Lease lease =
        state
            .held()
            .map(name -> ResidentModel.leaseHolding(source, name, configuration))
            .orElseGet(() -> ResidentModel.lease(source, configuration));
    // Spark reads the contribution from the model's own vectors. Return the model only when the
    // task ends, so that no other task changes them meanwhile.
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                context -> {
                  if (!context.isFailed() && !context.isInterrupted()) {
                    lease.done(ResidentModel.Parameters.CHANGED);
                  }
                  lease.release();
                });
    return work(worker, state, lease, configuration);
  }

  private Contribution<WorkerReport> work(
      int worker, StateHandle state, ResidentModel.Lease lease, Configuration configuration) {
    RoundState local =
        new RoundState(
            round,
            step,
            lease.decoder().parameters(),
            lease.optimizerState(settings.optimizer()),
            rateFactor,
            dualVariable);
    state.writeTo(received(local));
    LocalWork.Sides sides =
        LocalWork.Sides.of(
            settings, shards.get(worker), references, worker, round, lease, configuration);
    WorkerReport report =
        new LocalWork(settings, worker, lease.decoder(), sides.forget(), sides.retain()).run(local);
    PhaseHook.reached("round:contribution");
    List<FlatVector> vectors =
        settings.averaging() == Averaging.PARAMETERS
            ? local.exchanged(settings.moments())
            : Stream.concat(sides.forget().stream(), sides.retain().stream())
                .map(Side::sum)
                .toList();
    return new Contribution<>(report, settings.weight(report), vectors, new LeasedVectors(lease));
  }

  /** Vectors of a contribution that belong to the leased model. */
  private record LeasedVectors(ResidentModel.Lease lease) implements Contribution.Owner {
    @Override
    public void keep() {
      lease.keep();
    }

    @Override
    public void release() {
      lease.done(ResidentModel.Parameters.CHANGED);
      lease.close();
    }

    @Override
    public void hold(String state) {
      lease.hold(state);
    }
  }

  private List<FlatVector> received(RoundState local) {
    return settings.averaging() == Averaging.PARAMETERS
        ? local.exchanged(settings.moments())
        : List.of(local.parameters());
  }
}
