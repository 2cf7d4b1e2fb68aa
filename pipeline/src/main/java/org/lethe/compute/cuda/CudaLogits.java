package org.lethe.compute.cuda;

import org.lethe.compute.Compute.Comparison;
import org.lethe.compute.Compute.Moments;

/** Work over the vocabulary. Results for each row go to the heap. */
final class CudaLogits {
  private final CudaSession session;

  CudaLogits(CudaSession session) {
    this.session = session;
  }

  private static Grid rows(CudaMatrix x) {
    return Grid.rows(x.rows(), x.columns());
  }

  /** As {@link org.lethe.compute.Compute#exponentials}. */
  void exponentials(CudaMatrix logits, int[] targets, double[] losses, double[] sums) {
    try (DeviceDoubles deviceLosses = new DeviceDoubles(session, losses.length);
        DeviceDoubles deviceSums = new DeviceDoubles(session, sums.length)) {
      session.launch(
          "exponentials",
          rows(logits),
          logits,
          targets,
          deviceLosses.address(),
          deviceSums.address());
      deviceLosses.download(losses);
      deviceSums.download(sums);
    }
  }

  /** As {@link org.lethe.compute.Compute#compare}. */
  Comparison compare(CudaMatrix logits, CudaMatrix reference, double[] weights) {
    double[] divergences = new double[logits.rows()];
    double[] crossEntropies = new double[logits.rows()];
    try (DeviceDoubles deviceDivergences = new DeviceDoubles(session, divergences.length);
        DeviceDoubles deviceEntropies = new DeviceDoubles(session, crossEntropies.length)) {
      session.launch(
          "compare",
          rows(logits),
          logits,
          reference,
          weights,
          deviceDivergences.address(),
          deviceEntropies.address());
      deviceDivergences.download(divergences);
      deviceEntropies.download(crossEntropies);
    }
    return new Comparison(divergences, crossEntropies);
  }

  /** As {@link org.lethe.compute.Compute#moments}. */
  Moments moments(CudaMatrix x, int[] rows, int[] columns) {
    double[] maxima = new double[x.rows()];
    double[] sums = new double[x.rows()];
    double[] firsts = new double[x.rows()];
    double[] seconds = new double[x.rows()];
    try (DeviceDoubles deviceMaxima = new DeviceDoubles(session, maxima.length);
        DeviceDoubles deviceSums = new DeviceDoubles(session, sums.length);
        DeviceDoubles deviceFirsts = new DeviceDoubles(session, firsts.length);
        DeviceDoubles deviceSeconds = new DeviceDoubles(session, seconds.length)) {
      session.launch(
          "moments",
          rows(x),
          x,
          deviceMaxima.address(),
          deviceSums.address(),
          deviceFirsts.address(),
          deviceSeconds.address());
      deviceMaxima.download(maxima);
      deviceSums.download(sums);
      deviceFirsts.download(firsts);
      deviceSeconds.download(seconds);
    }
    double[] shifted = entries(x, rows, columns);
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] -= maxima[rows[i]];
    }
    return new Moments(sums, firsts, seconds, largest(x), shifted);
  }

  /** As {@link org.lethe.compute.Compute#entries}. */
  double[] entries(CudaMatrix x, int[] rows, int[] columns) {
    double[] entries = new double[rows.length];
    if (entries.length > 0) {
      try (DeviceDoubles values = new DeviceDoubles(session, entries.length)) {
        session.launch(
            "get_entries",
            Grid.elements(entries.length),
            x,
            rows,
            columns,
            entries.length,
            values.address());
        values.download(entries);
      }
    }
    return entries;
  }

  /** One number for each row. */
  double[] perRow(String kernel, CudaMatrix x) {
    double[] values = new double[x.rows()];
    try (DeviceDoubles results = new DeviceDoubles(session, values.length)) {
      session.launch(kernel, rows(x), x, results.address());
      results.download(values);
    }
    return values;
  }

  /** As {@link org.lethe.compute.Compute#largest}. */
  int[] largest(CudaMatrix x) {
    int[] indices = new int[x.rows()];
    try (DeviceMemory.Block block =
        session.memory().allocate((long) Integer.BYTES * indices.length)) {
      session.launch("largest", rows(x), x, block.address());
      session.transfers().download(block.address(), indices);
    }
    return indices;
  }
}
