package org.lethe.jobs;

import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.TokenizerSource;
import org.lethe.model.Adapter;
import org.lethe.model.ModelCache;
import org.lethe.model.ModelDirectory;

/**
 * The model that is given.
 *
 * @param uri of its directory
 * @param cache local folder for copies of remote models
 * @param adapter what is trained
 * @param template how prompts are rendered
 */
record ModelSettings(URI uri, String cache, Adapter adapter, TokenizerSource.Template template) {
  static ModelSettings read(ConfigurationReader reader) {
    String path = reader.required("lethe.model.path", "the model directory");
    String template = reader.choice("lethe.model.template", "none", "chat");
    return new ModelSettings(
        Uris.of(path),
        reader
            .text("lethe.model.cache")
            .orElse(Path.of(System.getProperty("java.io.tmpdir"), "lethe-models").toString()),
        AdapterBinding.read(reader),
        template.equals("chat") ? TokenizerSource.Template.CHAT : TokenizerSource.Template.NONE);
  }

  /** Whether LoRA factors are trained beside frozen weights. */
  boolean trainsFactors() {
    return adapter instanceof Adapter.Lora;
  }

  /** Opens and checks a model directory: this one or one that the run made. */
  ModelDirectory open(URI model, Configuration hadoop) {
    return ModelDirectory.open(model, new ModelCache(Path.of(cache), hadoop));
  }
}
