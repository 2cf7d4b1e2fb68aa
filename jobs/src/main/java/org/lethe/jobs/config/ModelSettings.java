package org.lethe.jobs.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.directory.AdapterDirectory;
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
 * @param adapter an existing adapter of the model
 */
public record ModelSettings(
    URI uri, String cache, TextSettings text, Optional<StartingAdapter> adapter) {
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
    return new ModelSettings(
        Uris.of(path),
        reader.text("lethe.model.cache").orElse(""),
        text,
        StartingAdapter.read(reader));
  }

  /** The same settings for another model, to which no adapter belongs. */
  ModelSettings withUri(URI other) {
    return new ModelSettings(other, cache, text, Optional.empty());
  }

  /** Directory of an adapter that training continues. */
  public Optional<URI> continued() {
    return adapter(StartingAdapter.Use.CONTINUE);
  }

  /** Directory of an adapter to merge before the first stage. */
  public Optional<URI> toMerge() {
    return adapter(StartingAdapter.Use.MERGE);
  }

  private Optional<URI> adapter(StartingAdapter.Use use) {
    return adapter.filter(found -> found.use() == use).map(StartingAdapter::uri);
  }

  /** Opens an adapter in the PEFT layout. */
  public AdapterDirectory openAdapter(URI directory, Configuration hadoop) {
    return AdapterDirectory.open(directory, ModelCache.in(cache, hadoop));
  }

  /** Opens and checks a model directory: the given one, or one that the run wrote. */
  public ModelDirectory open(URI model, Configuration hadoop) {
    return ModelDirectory.open(model, ModelCache.in(cache, hadoop));
  }
}
