package org.lethe.cluster;

import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.AdapterDirectory;
import org.lethe.model.Decoder;
import org.lethe.model.ModelCache;

/**
 * A model with trained LoRA factors beside its weights.
 *
 * @param base the model; its adapter has the shape of the trained one
 * @param factors Hadoop URI of the adapter's directory, in PEFT's layout
 * @param identity digest of both directories
 */
public record AdaptedModelSource(ModelSource base, String factors, String identity)
    implements DecoderSource {
  @Override
  public Decoder load(Configuration hadoop) {
    Decoder decoder = base.load(hadoop);
    decoder.readTrainable(
        AdapterDirectory.open(URI.create(factors), new ModelCache(Path.of(base.cache()), hadoop)));
    return decoder;
  }
}
