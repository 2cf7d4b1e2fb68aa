package org.lethe.compute.heap;

/** Copies of rows of weights in 16 bits, widened. */
final class HalfRows {
  private final FloatRows rows;

  HalfRows(FloatRows rows) {
    this.rows = rows;
  }

  /** out[i] = table[ids[i]]. */
  void gather(HalfMatrix table, int[] ids, HeapMatrix out) {
    int columns = table.columns();
    rows.run(
        ids.length,
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            table.row(ids[row], s.a);
            out.put(row, 0, s.a, 0, columns);
          }
        });
  }

  /** to = from. */
  void copy(HalfMatrix from, HeapMatrix to) {
    from.widen(0, from.rows(), 0, from.columns(), to.address(0, 0), to.stride());
  }
}
