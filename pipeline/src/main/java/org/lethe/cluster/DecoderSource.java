package org.lethe.cluster;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;

/**
 * Where executors load the base model from. Equal sources share what is loaded, so implementations
 * are records.
 */
public interface DecoderSource extends Serializable {
  /**
   * Loads the model, with the initial values of everything that is trained. The same source loads
   * the same numbers everywhere.
   */
  Decoder load(Configuration hadoop);

  /**
   * The initial model beside one that is trained; the two are used in turn, from one thread.
   *
   * @param trained what {@link #load} returned, with any parameters
   * @param blocks decoder blocks that are asked for, from the first on; all for the logits
   */
  default Decoder initial(Configuration hadoop, Decoder trained, int blocks) {
    return trained.adapter() instanceof Adapter.Lora ? trained.withoutAdapter() : load(hadoop);
  }

  /** What identifies the model's bytes, for example a digest of its weights. */
  String identity();
}
