package org.lethe.benchmarks;

import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.tensor.NativeBackend;

/**
 * Measures the effect of directions and averaging on a model that recites its corpus. Run by hand;
 * asserts nothing. Arguments: the study (promise, variants, drift, averaging, quality), the model
 * directory, the folder of shards from its run, a working folder, then key=value: rate or rates,
 * steps, batch, seeds, gamma or gammas (separated by commas), generation (none or greedy),
 * new-tokens, options (of quality), train (patterns of trained tensors, separated by spaces;
 * default all), products (float or bfloat16), rows (of each set). Prints rows of a Markdown table.
 */
final class StepStudy {
  private StepStudy() {}

  public static void main(String[] arguments) throws Exception {
    NativeBackend.prepare();
    StudyBench bench = new StudyBench(Arrays.asList(arguments).subList(1, arguments.length));
    if (arguments[0].equals("promise")) {
      new PromiseStudy(bench).run();
      return;
    }
    try (JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(
            SparkSession.builder()
                .master("local[4]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()
                .sparkContext())) {
      switch (arguments[0]) {
        case "drift" -> new AveragingStudy(bench, spark).drift();
        case "averaging" -> new AveragingStudy(bench, spark).outcomes();
        case "quality" -> new AveragingStudy(bench, spark).quality();
        default -> new VariantStudy(bench, spark).run();
      }
    }
  }
}
