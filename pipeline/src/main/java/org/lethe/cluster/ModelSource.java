package org.lethe.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.ModelCache;
import org.lethe.model.ModelDirectory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A model in the Hugging Face layout, computed in FLOAT.
 *
 * @param model Hadoop URI of the directory
 * @param cache local directory, on every machine, for copies of remote directories
 * @param adapter what is to be trained
 * @param identity digest of the directory
 */
public record ModelSource(String model, String cache, Adapter adapter, String identity)
    implements DecoderSource {
  public ModelSource {
    Objects.requireNonNull(model);
    Objects.requireNonNull(cache);
    Objects.requireNonNull(adapter);
    Objects.requireNonNull(identity);
  }

  @Override
  public Decoder load(Configuration hadoop) {
    ModelDirectory directory = open(hadoop);
    return Decoder.load(directory.config(), adapter, DataType.FLOAT, directory);
  }

  /** The directory, or its local copy. */
  public ModelDirectory open(Configuration hadoop) {
    return ModelDirectory.open(URI.create(model), new ModelCache(Path.of(cache), hadoop));
  }
}
