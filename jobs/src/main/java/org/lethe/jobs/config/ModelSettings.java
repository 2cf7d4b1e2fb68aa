package org.lethe.jobs.config;

import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.TokenizerSource.Template;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;

/**
 * The given model.
 *
 * @param uri of its directory
 * @param cache local folder for copies of remote models; empty: a private one of each process
 * @param template that prompts are rendered with
 */
public record ModelSettings(URI uri, String cache, Template template) {
  private static final Choices<Template> TEMPLATES = Choices.of(Template.class);

  public static ModelSettings read(ConfigurationReader reader) {
    String path = reader.required("lethe.model.path", "the model directory");
    Template template = reader.choice("lethe.model.template", TEMPLATES);
    return new ModelSettings(Uris.of(path), reader.text("lethe.model.cache").orElse(""), template);
  }

  /** Opens and checks a model directory: the given one, or one that the run wrote. */
  public ModelDirectory open(URI model, Configuration hadoop) {
    return ModelDirectory.open(model, ModelCache.in(cache, hadoop));
  }
}
