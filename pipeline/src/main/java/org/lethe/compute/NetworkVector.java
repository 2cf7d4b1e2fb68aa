package org.lethe.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The door to Deeplearning4j: flat vectors whose memory ND4J knows implement it beside {@link
 * FlatVector}, so that a network can hold them. Only the class that adapts the decoder to
 * Deeplearning4j may use it.
 */
public interface NetworkVector {
  /** The vector as an array that shares its memory, [length]. */
  INDArray array();
}
