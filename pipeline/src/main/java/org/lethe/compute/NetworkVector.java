package org.lethe.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A flat vector in ND4J's memory, which a Deeplearning4j network can hold. Such vectors also
 * implement {@link FlatVector}. Only the class that adapts the decoder to Deeplearning4j may use
 * this interface.
 */
public interface NetworkVector {
  /** The vector as an array that shares its memory, [length]. */
  INDArray array();
}
