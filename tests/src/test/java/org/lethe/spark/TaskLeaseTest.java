package org.lethe.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;
import org.lethe.corpus.EvaluationRows;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.run.RunDirectory;
import org.lethe.run.lease.Lease;
import org.lethe.run.lease.LeaseTicket;

/** Tasks publish files only while their driver holds the run directory. */
final class TaskLeaseTest {
  private static final JavaSparkContext SPARK = SparkFixture.context();

  @TempDir private Path folder;

  @AfterEach
  void end() {
    TaskLease.end(SPARK);
  }

  @Test
  void aTaskOfTheOwnerPublishes() {
    RunDirectory run = RunDirectory.at(folder.resolve("run").toString(), new Configuration());
    try (Lease lease = Lease.acquire(run, Optional.empty(), Duration.ofMinutes(1), () -> {})) {
      TaskLease.share(SPARK, lease.ticket());
      publish("run");
    }
    assertThat(folder.resolve("run/part.parquet")).isNotEmptyFile();
  }

  @Test
  void aTaskOfALostRunPublishesNothing() throws Exception {
    RunDirectory run = RunDirectory.at(folder.resolve("run").toString(), new Configuration());
    try (Lease newer = Lease.acquire(run, Optional.empty(), Duration.ofMinutes(1), () -> {})) {
      Files.writeString(folder.resolve("run/part.parquet"), "of the newer run");
      TaskLease.share(SPARK, new LeaseTicket(newer.ticket().directory(), "of a killed run"));
      assertThatThrownBy(() -> publish("run"))
          .isInstanceOf(LetheException.class)
          .hasMessageContaining("part.parquet")
          .extracting(e -> ((LetheException) e).exitClass())
          .isEqualTo(ExitClass.CONFLICT);
      // Files of other folders, such as caches, belong to no run.
      publish("elsewhere");
    }
    assertThat(folder.resolve("run/part.parquet")).hasContent("of the newer run");
    assertThat(folder.resolve("elsewhere/part.parquet")).isNotEmptyFile();
  }

  private void publish(String place) {
    String target = folder.resolve(place).resolve("part.parquet").toString();
    SparkJob.run(
        SPARK,
        "write",
        () ->
            SPARK
                .parallelize(List.of(1), 1)
                .map(
                    number -> {
                      EvaluationRows.write(
                          List.of(), new org.apache.hadoop.fs.Path(target), new Configuration());
                      return number;
                    })
                .collect());
  }
}
