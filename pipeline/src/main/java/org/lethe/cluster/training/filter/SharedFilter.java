package org.lethe.cluster.training.filter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.compute.DenseMatrix;
import org.lethe.compute.FlatVector;
import org.lethe.model.ParameterLayout;
import org.lethe.model.ParameterLayout.Entry;
import org.lethe.objective.point.GradientFilter;
import org.lethe.spark.SparkJob;

/** Applies a filter to the driver's gradient, with one matrix for each worker at a time. */
public final class SharedFilter {
  private SharedFilter() {}

  /**
   * Changes a gradient in place.
   *
   * @param workers number of tasks that filter at the same time, which bounds the driver's copies
   */
  public static void apply(
      JavaSparkContext spark,
      GradientFilter filter,
      ParameterLayout layout,
      FlatVector gradient,
      int workers) {
    // Matrices of about the same size are filtered together.
    List<Entry> changed =
        layout.entries().stream()
            .filter(filter::changes)
            .sorted(Comparator.comparingLong(Entry::length).reversed())
            .toList();
    SparkJob.run(
        spark,
        "gradient filter",
        () -> {
          for (int from = 0; from < changed.size(); from += workers) {
            List<Entry> wave = changed.subList(from, Math.min(changed.size(), from + workers));
            List<DenseMatrix> matrices = new ArrayList<>();
            wave.forEach(entry -> matrices.add(GradientFilter.read(layout, entry, gradient)));
            List<DenseMatrix> filtered =
                spark.parallelize(matrices, matrices.size()).map(filter::apply).collect();
            for (int i = 0; i < filtered.size(); i++) {
              GradientFilter.write(filtered.get(i), layout.view(gradient, wave.get(i)));
            }
          }
          return changed.size();
        });
  }
}
