package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.List;
import org.lethe.compute.FlatVector;

/** Vectors that the driver sent, as a task sees them. */
public interface StateHandle extends Serializable {
  /** Copies the sent values into the worker's vectors. */
  void writeTo(List<FlatVector> vectors);
}
