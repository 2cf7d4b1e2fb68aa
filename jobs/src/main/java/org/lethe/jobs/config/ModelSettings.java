package org.lethe.jobs.config;

import java.net.URI;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.text.ChatSettings;
import org.lethe.text.TextSettings;
import org.lethe.text.TextSettings.ControlTokenRows;
import org.lethe.text.TextSettings.Template;

/**
 * The given model.
 *
 * @param uri of its directory
 * @param cache local folder for copies of remote models; empty: a private one of each process
 * @param text how texts become tokens
 */
public record ModelSettings(URI uri, String cache, TextSettings text) {
  /** The keys that decide how a prompt is rendered. */
  public static final List<String> PROMPTS =
      List.of("lethe.model.template", "lethe.model.system-message", "lethe.model.template-date");

  private static final Choices<Template> TEMPLATES = Choices.of(Template.class);
  private static final Choices<ControlTokenRows> CONTROL_TOKEN_ROWS =
      Choices.of(ControlTokenRows.class);

  public static ModelSettings read(ConfigurationReader reader) {
    String path = reader.required("lethe.model.path", "the model directory");
    TextSettings text =
        new TextSettings(
            reader.choice("lethe.model.template", TEMPLATES),
            new ChatSettings(
                reader.text("lethe.model.system-message").orElse(""),
                reader.date("lethe.model.template-date")),
            reader.choice("lethe.corpus.control-tokens", CONTROL_TOKEN_ROWS));
    return new ModelSettings(Uris.of(path), reader.text("lethe.model.cache").orElse(""), text);
  }

  /** Opens and checks a model directory: the given one, or one that the run wrote. */
  public ModelDirectory open(URI model, Configuration hadoop) {
    return ModelDirectory.open(model, ModelCache.in(cache, hadoop));
  }
}
