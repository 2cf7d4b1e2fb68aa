package org.lethe.cluster;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;

/**
 * Loads the base model on executors. Equal sources share a loaded model, so implementations are
 * records.
 */
public interface DecoderSource extends Serializable {
  /**
   * Loads the model. Trainable parameters get their initial values. The same source loads the same
   * numbers everywhere.
   */
  Decoder load(Configuration hadoop);

  /**
   * Gives the trainable parameters of a model their initial values again, with the bits that {@link
   * #load} gives them.
   *
   * @param decoder result of {@link #load}, with any parameters
   */
  default void restore(Configuration hadoop, Decoder decoder) {
    try (Decoder loaded = load(hadoop)) {
      decoder.parameters().math().copy(loaded.parameters(), decoder.parameters());
    }
  }

  /**
   * Returns the initial model next to a trained one. Both are used in turn, from one thread.
   *
   * @param trained result of {@link #load}, with any parameters
   * @param blocks number of decoder blocks that are needed, from the first on; logits need all
   */
  default Decoder initial(Configuration hadoop, Decoder trained, int blocks) {
    return trained.adapter() instanceof Adapter.Lora ? trained.withoutAdapter() : load(hadoop);
  }

  /** Identifies the model's bytes, for example by a digest of its weights. */
  String identity();
}
