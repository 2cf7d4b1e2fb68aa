package org.lethe.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The door between a backend whose memory ND4J knows and Deeplearning4j's network, which holds the
 * flat parameter vector as an array.
 */
public interface NetworkMemory {
  /** A window on a contiguous C-order array of the backend's type. */
  Matrix window(INDArray contiguous, int rows, int columns);

  /** The ND4J view of a window. */
  INDArray array(Matrix matrix);
}
