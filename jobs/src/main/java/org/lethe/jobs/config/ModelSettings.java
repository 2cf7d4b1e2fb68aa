package org.lethe.jobs.config;

import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.TokenizerSource;
import org.lethe.model.Adapter;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;

/**
 * The model that is given.
 *
 * @param uri of its directory
 * @param cache local folder for copies of remote models
 * @param adapter what is trained
 * @param template how prompts are rendered
 */
public record ModelSettings(
    URI uri, String cache, Adapter adapter, TokenizerSource.Template template) {
  public static ModelSettings read(ConfigurationReader reader) {
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
  public boolean trainsFactors() {
    return adapter instanceof Adapter.Lora;
  }

  /** Opens and checks a model directory: this one or one that the run made. */
  public ModelDirectory open(URI model, Configuration hadoop) {
    return ModelDirectory.open(model, new ModelCache(Path.of(cache), hadoop));
  }
}
