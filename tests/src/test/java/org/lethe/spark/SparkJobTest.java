package org.lethe.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;
import org.lethe.SparkFixture;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;

final class SparkJobTest {
  private static final JavaSparkContext SPARK = SparkFixture.context();

  @Test
  void jobsHaveTheDescriptionsOfTheWorkAroundThem() throws Exception {
    List<String> descriptions = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            descriptions.add(start.properties().getProperty("spark.job.description"));
          }
        };
    SPARK.sc().addSparkListener(listener);
    try {
      String outer =
          SparkJob.run(
              SPARK,
              "evaluate 3 rows",
              () -> {
                count();
                SparkJob.run(SPARK, "responses", SparkJobTest::count);
                return SPARK.getLocalProperty("spark.job.description");
              });
      assertThat(outer).isEqualTo("Lethe: evaluate 3 rows");
      assertThat(SPARK.getLocalProperty("spark.job.description")).isNull();
      SPARK.sc().listenerBus().waitUntilEmpty();
    } finally {
      SPARK.sc().removeSparkListener(listener);
    }
    assertThat(descriptions)
        .containsExactly("Lethe: evaluate 3 rows", "Lethe: evaluate 3 rows, responses");
  }

  @Test
  void theExceptionOfATaskIsKept() {
    assertThatThrownBy(() -> failing(x -> fail(RunErrors.noEffect("all the same"))))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.NO_EFFECT))
        .hasMessageStartingWith("Training changed nothing: all the same");
  }

  @Test
  void aDefectInATaskIsNamedWithoutItsText() {
    assertThatThrownBy(() -> failing(x -> fail(new IllegalStateException("Jane Doe"))))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.INTERNAL))
        .hasMessageMatching(
            "Spark job 'training' failed: java.lang.IllegalStateException at"
                + " org.lethe.spark.SparkJobTest.*\\(SparkJobTest.java:\\d+\\) \\(Lost task 0.0 in"
                + " stage .* \\(TID \\d+\\) \\(.* executor driver\\)\\)");
  }

  /** Spark then sends the message alone. */
  @Test
  void anExceptionThatCannotTravelIsNamedToo() {
    assertThatThrownBy(() -> failing(x -> fail(new Unserializable("Jane Doe"))))
        .hasMessageStartingWith(
            "Spark job 'training' failed: org.lethe.spark.SparkJobTest$Unserializable at"
                + " org.lethe.spark.SparkJobTest.")
        .hasMessageNotContaining("Jane");
  }

  @Test
  void aLimitOfSparkIsNamedWithItsSetting() {
    SparkConf conf = SPARK.sc().conf();
    String before = conf.get("spark.driver.maxResultSize", "1g");
    conf.set("spark.driver.maxResultSize", "1k");
    try {
      assertThatThrownBy(() -> failing(x -> new byte[100_000]))
          .isInstanceOfSatisfying(
              LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.PLATFORM))
          .hasMessageMatching(
              "Spark ended a job: Total size of serialized results of 1 tasks \\(.*KiB\\) is bigger"
                  + " than spark.driver.maxResultSize \\(?1024.0 B\\)?; see"
                  + " lethe.spark.settings.*");
    } finally {
      conf.set("spark.driver.maxResultSize", before);
    }
  }

  private static void failing(Function<Integer, Object> task) {
    SparkJob.run(SPARK, "training", () -> SPARK.parallelize(List.of(1), 1).map(task).collect());
  }

  private static long count() {
    return SPARK.parallelize(List.of(1, 2), 1).count();
  }

  private static Object fail(RuntimeException thrown) {
    throw thrown;
  }

  private static final class Unserializable extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Object field = new Object();

    Unserializable(String message) {
      super(message);
    }

    @Override
    public String toString() {
      return super.toString() + field.hashCode();
    }
  }
}
