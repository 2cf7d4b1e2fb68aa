package org.lethe.model.layer;

import org.lethe.compute.Compute;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Attention;

/**
 * Reorders the outputs of a fused map from the order of its weight, head by head, to the order that
 * attention reads: all queries, all keys, all values. Does nothing if these are the same.
 */
public final class HeadOrder {
  private final Heads heads;
  private final boolean byHead;

  /** The order of an attention's fused map. */
  public HeadOrder(Attention attention) {
    heads = attention.heads();
    byHead = attention.order() == Attention.Order.BY_HEAD;
  }

  /** Whether outputs are reordered. */
  public boolean isByHead() {
    return byHead;
  }

  /** Copies outputs of the fused map to the order that attention reads. */
  public void toRoles(Compute c, Matrix mapped, Matrix all) {
    copy(all, mapped, (role, head) -> c.copy(head, role));
  }

  /** Copies from the order that attention reads to that of the fused map. */
  public void fromRoles(Compute c, Matrix all, Matrix mapped) {
    copy(all, mapped, c::copy);
  }

  /** Copy between the same columns in both orders. */
  private interface ColumnCopy {
    void copy(Matrix role, Matrix head);
  }

  private void copy(Matrix all, Matrix mapped, ColumnCopy copy) {
    if (!byHead) {
      return;
    }
    int size = heads.size();
    for (int head = 0; head < heads.query(); head++) {
      for (int role = 0; role < 3; role++) {
        copy.copy(
            all.columns((role * heads.query() + head) * size, size),
            mapped.columns((head * 3 + role) * size, size));
      }
    }
  }
}
