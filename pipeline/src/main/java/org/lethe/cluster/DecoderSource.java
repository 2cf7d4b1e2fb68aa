package org.lethe.cluster;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
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

  /** What identifies the model's bytes, for example a digest of its weights. */
  String identity();
}
