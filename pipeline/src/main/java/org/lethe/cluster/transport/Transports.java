package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.cluster.wire.Secret;
import org.lethe.compute.FlatVector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses how the vectors of each round of a training move.
 *
 * <p>Within one JVM they do not move. Between processes, workers exchange them among themselves
 * ({@link PeerTransport}), or through Spark and the driver ({@link ClusterTransport}) where Spark's
 * settings, a lost process or the kind of round exclude the former. All give the same bytes.
 */
public final class Transports {
  private static final Logger LOG = LoggerFactory.getLogger(Transports.class);

  /** After so many lost rounds, a training no longer tries to exchange vectors among workers. */
  private static final int MOST_LOST = 3;

  private final JavaSparkContext spark;
  private final int workers;
  private final PeerGroup group;
  private Optional<String> lastReason = Optional.empty();
  private boolean generalNext;
  private int lost;

  /**
   * The transports of a training.
   *
   * @param workers tasks of a round
   */
  public Transports(JavaSparkContext spark, int workers) {
    this.spark = spark;
    this.workers = workers;
    group =
        new PeerGroup(
            UUID.randomUUID().toString(),
            workers,
            Secret.random(PeerConditions.protection(spark.getConf())));
  }

  /**
   * Opens the transport of the next round.
   *
   * @param sent vectors that every worker receives, unless the workers hold them already
   * @param recipients who needs the combined vectors. WORKERS and DRIVER_AND_WORKERS require that
   *     they are the vectors sent
   * @throws LostRoundException if the state is on executors that can no longer use it
   */
  public <R extends Serializable> RoundTransport<R> open(
      List<FlatVector> sent, Recipients recipients) {
    // Within one JVM no bytes have to move. But each contribution then occupies its worker's model
    // until the round ends, so all workers must fit side by side.
    if (spark.isLocal()) {
      return workers <= spark.defaultParallelism()
          ? new SharedMemory<>(spark, sent, workers)
          : new ClusterTransport<>(spark, sent, workers);
    }
    Optional<String> reason = reason(recipients);
    reason
        .filter(now -> !lastReason.equals(Optional.of(now)))
        .ifPresent(now -> LOG.info("The state travels through the driver: {}", now));
    lastReason = reason;
    if (reason.isEmpty()) {
      return new PeerTransport<>(spark, group, sent, recipients);
    }
    if (group.holdsStateAlone()) {
      throw new LostRoundException("the workers hold the state, but " + reason.get());
    }
    group.forget();
    generalNext = false;
    return new ClusterTransport<>(spark, sent, workers);
  }

  private Optional<String> reason(Recipients recipients) {
    if (!recipients.includeWorkers()) {
      return Optional.of("the driver computes the next state of this training");
    }
    if (lost >= MOST_LOST) {
      return Optional.of("workers lost " + lost + " rounds");
    }
    if (generalNext) {
      return Optional.of("the workers lost the last round");
    }
    return PeerConditions.obstacle(spark.getConf(), PeerConditions.Resources.of(spark), workers);
  }

  /** Forgets what the workers hold after a lost round. The next round takes the general path. */
  public void lost() {
    group.forget();
    generalNext = true;
    lost++;
  }
}
