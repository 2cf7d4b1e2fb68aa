package org.lethe.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.cluster.transport.PeerConditions.Resources;
import org.lethe.cluster.wire.Secret.Protection;

final class PeerConditionsTest {
  private static final Resources TWO = new Resources(2, 2);

  @ParameterizedTest
  @CsvSource({
    "spark.lethe.transport, general, spark.lethe.transport is general",
    "spark.dynamicAllocation.enabled, true,"
        + " 'dynamic allocation is on, which barrier stages exclude'",
    "spark.speculation, true, 'speculation is on, and a barrier stage has no speculative tasks'"
  })
  void settingsOfSparkExcludeBarrierStages(String key, String value, String reason) {
    SparkConf conf = new SparkConf(false);
    assertThat(PeerConditions.obstacle(conf, TWO, 2)).isEmpty();
    assertThat(PeerConditions.obstacle(conf.set(key, value), TWO, 2)).contains(reason);
  }

  @ParameterizedTest
  @CsvSource({
    // Two executors of one core each: Spark calls at least two cores its parallelism.
    "2, 2, 1, 1, 3",
    "1, 2, 1, 1, 2",
    // Four cores in one executor of a standalone cluster, whose conf does not tell.
    "1, 4, 1, 1, 5",
    "1, 4, 1, 2, 3",
    "2, 2, 4, 2, 5"
  })
  void allWorkersMustRunAtTheSameTime(
      int executors, int parallelism, int cores, int perTask, int tooMany) {
    Resources resources = new Resources(executors, parallelism);
    SparkConf conf =
        new SparkConf(false)
            .set("spark.executor.cores", String.valueOf(cores))
            .set("spark.task.cpus", String.valueOf(perTask));
    assertThat(PeerConditions.obstacle(conf, resources, tooMany - 1)).isEmpty();
    assertThat(PeerConditions.obstacle(conf, resources, tooMany))
        .contains(
            "%d tasks can run at the same time, fewer than %d workers"
                .formatted(tooMany - 1, tooMany));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.network.crypto.enabled",
        "spark.authenticate.enableSaslEncryption",
        "spark.ssl.rpc.enabled"
      })
  void connectionsAreEncryptedWhereSparkEncryptsItsOwn(String key) {
    assertThat(PeerConditions.protection(new SparkConf(false).set(key, "true")))
        .isEqualTo(Protection.ENCRYPTED);
  }

  @Test
  void connectionsAreAlwaysAuthenticated() {
    assertThat(PeerConditions.protection(new SparkConf(false))).isEqualTo(Protection.AUTHENTICATED);
  }
}
