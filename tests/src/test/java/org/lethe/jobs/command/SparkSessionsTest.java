package org.lethe.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SparkSessionsTest {
  /** Without {@code --name}, spark-submit passes the name of the job's class. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "erasure of request 7, erasure of request 7",
        "org.lethe.jobs.PipelineJob, lethe pipeline",
        "org.example.Nightly, org.example.Nightly",
        "-, lethe pipeline",
      })
  void theNameOfSparkSubmitStays(String given, String expected) {
    SparkConf conf = new SparkConf(false);
    if (given != null) {
      conf.setAppName(given);
    }
    SparkSessions.nameApplication(conf, "lethe pipeline");
    assertThat(conf.get("spark.app.name")).isEqualTo(expected);
  }
}
