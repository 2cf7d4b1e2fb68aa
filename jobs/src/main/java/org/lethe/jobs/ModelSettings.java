package org.lethe.jobs;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.ModelSource;
import org.lethe.corpus.TokenizerSource.Template;
import org.lethe.error.RunErrors;
import org.lethe.model.Adapter;
import org.lethe.model.ModelDirectory;
import org.lethe.model.Projection;

/**
 * The model that a command works on.
 *
 * @param path its directory, a path or URI
 * @param cache local directory for copies of remote models
 * @param adapter what is trained
 * @param template how prompts are rendered
 */
record ModelSettings(String path, String cache, Adapter adapter, Template template) {
  static ModelSettings read(ConfigurationReader reader) {
    return readAt(
        reader, reader.required("lethe.model.path", "the model directory in Hugging Face layout"));
  }

  /** The same for a model that the command itself makes. */
  static ModelSettings readAt(ConfigurationReader reader, String path) {
    boolean lora = reader.choice("lethe.model.adapter", "full", "lora").equals("lora");
    return new ModelSettings(
        path,
        reader
            .text("lethe.model.cache")
            .orElse(System.getProperty("java.io.tmpdir") + "/lethe-models"),
        lora ? lora(reader) : Adapter.full(),
        reader.choice("lethe.model.template", "none", "chat").equals("chat")
            ? Template.CHAT
            : Template.NONE);
  }

  private static Adapter lora(ConfigurationReader reader) {
    Set<Projection> targets = EnumSet.noneOf(Projection.class);
    for (String name : reader.texts("lethe.model.lora.targets")) {
      Projection.ofModuleName(name)
          .ifPresentOrElse(
              targets::add,
              () ->
                  reader.problem(
                      "lethe.model.lora.targets", "some of " + Projection.moduleNames()));
    }
    return reader
        .<Adapter>make(
            "lethe.model.lora",
            () ->
                new Adapter.Lora(
                    reader.integer("lethe.model.lora.rank", 1, 65536),
                    reader.positive("lethe.model.lora.alpha"),
                    reader.number("lethe.model.lora.dropout", 0, 1),
                    targets,
                    reader.wholeNumber("lethe.model.lora.seed", 0, Integer.MAX_VALUE)))
        .orElse(Adapter.full());
  }

  /** The same settings for a model elsewhere. */
  ModelSettings at(Path directory) {
    return new ModelSettings(directory.toUri().toString(), cache, adapter, template);
  }

  /** Opens and checks the model, and digests it. */
  Opened open(Configuration hadoop) {
    String uri = qualified(path, hadoop).toUri().toString();
    ModelDirectory directory = new ModelSource(uri, cache, adapter, "").open(hadoop);
    return new Opened(directory, new ModelSource(uri, cache, adapter, directory.digest()));
  }

  /** A path with its file system, such as file or hdfs. */
  static Path qualified(String path, Configuration hadoop) {
    try {
      Path given = new Path(path);
      return given.getFileSystem(hadoop).makeQualified(given);
    } catch (IOException e) {
      throw RunErrors.io("opening", path, e);
    }
  }

  /**
   * A model that was found and checked.
   *
   * @param source how tasks load it, digest included
   */
  record Opened(ModelDirectory directory, ModelSource source) {}
}
