package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.lethe.compute.FlatVector;

/** Vectors that the driver sent, as a task sees them. */
public interface StateHandle extends Serializable {
  /** Copies the sent values into the worker's vectors. */
  void writeTo(List<FlatVector> vectors);

  /** Name of the state if the worker's own vectors must hold it already. */
  default Optional<String> held() {
    return Optional.empty();
  }
}
