package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/** The Spark task of one worker: state in, work, report and chunks out. */
record RoundTask<R extends Serializable>(RoundWork<R> work, WorkerEnd end)
    implements PairFlatMapFunction<Iterator<Integer>, Integer, Message<R>> {
  @Override
  public Iterator<Tuple2<Integer, Message<R>>> call(Iterator<Integer> workers) {
    int worker = workers.next();
    if (workers.hasNext()) {
      throw new IllegalStateException("Invalid partition: more than one worker");
    }
    Contribution<R> contribution = work.run(worker, end);
    Stream<Tuple2<Integer, Message<R>>> report =
        Stream.of(
            new Tuple2<>(Message.REPORT, new Message.Report<>(worker, contribution.report())));
    return contribution.weight() == 0
        ? report.iterator()
        : Stream.concat(report, end.contribute(worker, contribution)).iterator();
  }
}
