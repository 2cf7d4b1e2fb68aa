package org.lethe.cluster.transport;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.lethe.cluster.wire.Exchange.Traffic;
import org.lethe.cluster.wire.Rendezvous;
import org.lethe.compute.FlatVector;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Moves a round among the workers themselves, in one barrier stage. Each worker keeps the averages
 * for the next round, so the driver sends the state only at the start, and receives it only where
 * it needs it.
 *
 * <p>Nothing is retried here: a worker overwrites the state while it trains. A task that fails or a
 * process that dies ends the round with {@link LostRoundException}.
 */
final class PeerTransport<R extends Serializable> implements RoundTransport<R> {
  private static final long POLL_MILLIS = 100;

  private final JavaSparkContext spark;
  private final PeerGroup group;
  private final Recipients recipients;
  private final Optional<StateBroadcast> state;
  private final List<Traffic> traffic = new ArrayList<>();

  PeerTransport(
      JavaSparkContext spark, PeerGroup group, List<FlatVector> sent, Recipients recipients) {
    this.spark = spark;
    this.group = group;
    this.recipients = recipients;
    state =
        group.held().isPresent() ? Optional.empty() : Optional.of(StateBroadcast.of(spark, sent));
  }

  @Override
  public List<R> runWorkers(RoundWork<R> work, Reduction reduction, List<FlatVector> results) {
    if (reduction != Reduction.MEAN) {
      throw new IllegalArgumentException("Invalid reduction: " + reduction + ", expected MEAN");
    }
    SparkConf conf = spark.getConf();
    String host = conf.get("spark.driver.host");
    try (Rendezvous rendezvous =
        Rendezvous.open(
            host,
            conf.get("spark.driver.bindAddress", host),
            group.workers(),
            recipients.includeDriver() ? Optional.of(results) : Optional.empty(),
            group.secret())) {
      List<PeerReport<R>> reports = reports(job(work, rendezvous), rendezvous);
      group.hold(reports.stream().map(PeerReport::place).toList(), recipients.includeDriver());
      reports.forEach(report -> traffic.add(report.traffic()));
      return reports.stream().map(PeerReport::report).toList();
    } catch (IOException e) {
      throw new LostRoundException("the driver cannot listen for workers", e);
    }
  }

  private JavaRDD<PeerReport<R>> job(RoundWork<R> work, Rendezvous rendezvous) {
    StateHandle start =
        state
            .<StateHandle>map(sent -> sent)
            .orElseGet(() -> new PeerTask.Held(group.held().orElseThrow().name()));
    RDD<PeerReport<R>> reports =
        workers()
            .barrier()
            .mapPartitions(
                new PeerTask<>(work, start, rendezvous.point(), group.nextName()),
                false,
                ClassTag$.MODULE$.apply(PeerReport.class));
    return reports.toJavaRDD();
  }

  /** One partition for each worker, where its state is. */
  private RDD<Integer> workers() {
    List<Tuple2<Integer, Seq<String>>> placed = new ArrayList<>();
    for (int worker = 0; worker < group.workers(); worker++) {
      int index = worker;
      List<String> places =
          group.held().map(held -> List.of(held.places().get(index))).orElse(List.of());
      placed.add(new Tuple2<>(worker, seq(places)));
    }
    ClassTag<Integer> tag = ClassTag$.MODULE$.apply(Integer.class);
    return spark.sc().makeRDD(seq(placed), tag);
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  private List<PeerReport<R>> reports(JavaRDD<PeerReport<R>> job, Rendezvous rendezvous) {
    JavaFutureAction<List<PeerReport<R>>> running = job.collectAsync();
    try {
      while (true) {
        try {
          List<PeerReport<R>> reports = running.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
          if (recipients.includeDriver()) {
            rendezvous.join();
          }
          rendezvous.problem().ifPresent(PeerTransport::lose);
          return reports.stream().sorted(Comparator.comparingInt(PeerReport::worker)).toList();
        } catch (TimeoutException e) {
          rendezvous.problem().ifPresent(PeerTransport::lose);
          if (isRepeated(running)) {
            lose("a worker's task or process failed");
          }
        }
      }
    } catch (ExecutionException e) {
      throw new LostRoundException("a worker's task failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LostRoundException("the driver was interrupted", e);
    } finally {
      boolean unused = running.isDone() || running.cancel(true);
    }
  }

  private static void lose(String reason) {
    throw new LostRoundException(reason);
  }

  /** Whether Spark attempts a stage again. */
  private boolean isRepeated(JavaFutureAction<?> running) {
    for (int id : running.jobIds()) {
      SparkJobInfo job = spark.statusTracker().getJobInfo(id);
      if (job == null) {
        continue;
      }
      for (int stage : job.stageIds()) {
        SparkStageInfo info = spark.statusTracker().getStageInfo(stage);
        if (info != null && info.currentAttemptId() > 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** Bytes that each worker sent. */
  List<Traffic> traffic() {
    return List.copyOf(traffic);
  }

  /** Does nothing: the results were written while the workers ran. */
  @Override
  public void fetch(List<FlatVector> results) {}

  @Override
  public void close() {
    state.ifPresent(StateBroadcast::close);
  }
}
