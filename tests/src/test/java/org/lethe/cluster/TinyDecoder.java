package org.lethe.cluster;

import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.lethe.compute.Backend;
import org.lethe.compute.TestBackend;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.architecture.Projection;

/**
 * Two layers, hidden size 16, vocabulary 64, random weights.
 *
 * @param kind "full" or "lora"
 * @param backend backend that computes it
 */
public record TinyDecoder(String kind, TestBackend backend) implements DecoderSource {
  public static final int VOCABULARY = 64;
  private static final Architecture CONFIG =
      new LlamaConfig(
              16, 32, 2, 2, 2, 8, VOCABULARY, 64, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  public static final TinyDecoder FLOAT = new TinyDecoder("full", TestBackend.HEAP_FLOAT);
  public static final TinyDecoder DOUBLE = new TinyDecoder("full", TestBackend.ARRAY_DOUBLE);
  public static final TinyDecoder LORA = new TinyDecoder("lora", TestBackend.HEAP_FLOAT);

  @Override
  public Decoder load(Configuration hadoop) {
    return load(backend.backend());
  }

  Decoder load(Backend computing) {
    Adapter adapter =
        kind.equals("lora")
            ? new Adapter.Lora(2, 4, 0.1, Projection.moduleNames(), 7)
            : Adapter.full();
    return Decoder.load(CONFIG, adapter, computing, new RandomWeights(11));
  }

  @Override
  public String identity() {
    return toString();
  }
}
