package org.lethe.model;

import org.lethe.tensor.TensorValues;

/** Source of a decoder's weights, by Hugging Face name. */
public interface WeightSource {
  /** Whether a tensor of that name exists. */
  boolean contains(String name);

  /**
   * Fills the target.
   *
   * @param name Hugging Face tensor name
   * @param target tensor of the expected shape
   * @throws org.lethe.error.LetheException if the tensor is missing or has another shape
   */
  void read(String name, TensorValues target);
}
