package org.lethe.cluster.transport;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.storage.BlockManagerId;
import org.lethe.cluster.wire.Exchange;
import org.lethe.cluster.wire.Exchange.Traffic;
import org.lethe.cluster.wire.MeetingPoint;
import org.lethe.compute.FlatVector;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** The task of one worker in a barrier stage: state in, work, exchange, report out. */
final class PeerTask<R extends Serializable>
    extends AbstractFunction1<Iterator<Integer>, Iterator<PeerReport<R>>> implements Serializable {
  private static final long serialVersionUID = 1;

  private final RoundWork<R> work;
  private final StateHandle state;
  private final MeetingPoint point;
  private final String next;

  /**
   * Prepares the tasks of a round.
   *
   * @param state values at the start
   * @param next name of the state at the end
   */
  PeerTask(RoundWork<R> work, StateHandle state, MeetingPoint point, String next) {
    this.work = work;
    this.state = state;
    this.point = point;
    this.next = next;
  }

  /** The state that an earlier round left in the worker's vectors. */
  record Held(String name) implements StateHandle {
    @Override
    public Optional<String> held() {
      return Optional.of(name);
    }

    @Override
    public void writeTo(List<FlatVector> vectors) {
      // They hold it.
    }
  }

  @Override
  public Iterator<PeerReport<R>> apply(Iterator<Integer> workers) {
    int worker = workers.next();
    TaskContext context = TaskContext.get();
    BlockManagerId executor = SparkEnv.get().blockManager().blockManagerId();
    Contribution<R> contribution = work.run(worker, state);
    try {
      Traffic traffic =
          Exchange.run(
              point,
              executor.host(),
              worker,
              contribution.weight(),
              contribution.vectors(),
              context::isInterrupted);
      contribution.owner().hold(next);
      String place = "executor_" + executor.host() + "_" + executor.executorId();
      return CollectionConverters.asScala(
          List.of(new PeerReport<>(worker, contribution.report(), place, traffic)).iterator());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
