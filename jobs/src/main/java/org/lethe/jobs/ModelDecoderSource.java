package org.lethe.jobs;

import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.DecoderSource;
import org.lethe.model.AdapterDirectory;
import org.lethe.model.Decoder;
import org.lethe.model.ModelCache;
import org.lethe.model.ModelDirectory;
import org.lethe.tensor.NativeBackend;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A model directory, with an adapter where there is one, as executors load it.
 *
 * @param model URI of the model directory
 * @param cache local folder for copies of remote models
 * @param adapter what is trained
 * @param trained URI of a PEFT directory whose factors are read, or empty for fresh ones
 * @param identity digest of the files
 */
record ModelDecoderSource(
    String model, String cache, AdapterSettings adapter, String trained, String identity)
    implements DecoderSource {
  @Override
  public Decoder load(Configuration hadoop) {
    // On an executor this is the first use of ND4J.
    NativeBackend.prepare();
    ModelCache copies = new ModelCache(Path.of(cache), hadoop);
    ModelDirectory directory = ModelDirectory.open(URI.create(model), copies);
    Decoder decoder =
        Decoder.load(directory.config(), adapter.adapter(), DataType.FLOAT, directory);
    if (!trained.isEmpty()) {
      decoder.readTrainable(AdapterDirectory.open(URI.create(trained), copies));
    }
    return decoder;
  }
}
