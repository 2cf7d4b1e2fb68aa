package org.lethe.tensor;

/** Source of tensors by name, such as the weights of a decoder. */
public interface WeightSource {
  /** Whether a tensor of that name exists. */
  boolean contains(String name);

  /** Dtype in which the source stores a tensor. */
  default Dtype dtype(String name) {
    return Dtype.F32;
  }

  /**
   * Fills the target.
   *
   * @param name name of the tensor, for a model that of Hugging Face
   * @param target tensor of the expected shape
   * @throws org.lethe.error.LetheException if the tensor is missing or has another shape
   */
  void read(String name, TensorValues target);
}
