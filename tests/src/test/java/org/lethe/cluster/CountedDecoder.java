package org.lethe.cluster;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.Decoder;

/**
 * Counts how often it is loaded, in this process.
 *
 * @param name two of the same name count as one
 */
public record CountedDecoder(TinyDecoder decoder, String name) implements DecoderSource {
  /** Number of loads since the last {@link #reset}. */
  public static final AtomicInteger LOADED = new AtomicInteger();

  /** The name of one that cannot be restored. */
  public static final String UNREADABLE = "unreadable";

  /** Frees all resident models and begins to count. */
  public static void reset() {
    ResidentModel.closeIdle();
    LOADED.set(0);
  }

  @Override
  public Decoder load(Configuration hadoop) {
    LOADED.incrementAndGet();
    return decoder.load(hadoop);
  }

  @Override
  public void restore(Configuration hadoop, Decoder trained) {
    if (name.equals(UNREADABLE)) {
      throw new IllegalStateException(UNREADABLE);
    }
    decoder.restore(hadoop, trained);
  }

  @Override
  public String identity() {
    return toString();
  }
}
