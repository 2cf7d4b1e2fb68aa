package org.lethe.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Where a decoder reads its weights from, under their Hugging Face names. */
public interface WeightSource {
  /** Whether a tensor of that name exists. */
  boolean contains(String name);

  /**
   * Fills the target.
   *
   * @param name Hugging Face tensor name
   * @param target array or view of the expected shape in C order, FLOAT or DOUBLE, to be filled
   * @throws org.lethe.error.LetheException if the tensor is missing or has another shape
   */
  void read(String name, INDArray target);
}
