package org.lethe.corpus;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.input.RowEncoder;
import org.lethe.model.directory.ModelCache;
import org.lethe.text.EncodedExample;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.TextSettings;
import org.lethe.text.TextSettings.ControlTokenRows;
import org.lethe.text.Tokenizer;

/**
 * The tokenizer of a model directory. Each JVM opens it once, and its tasks share it.
 *
 * @param model URI of the model directory
 * @param cache local folder for copies of remote models, shared with training
 * @param text how texts become tokens
 */
public record TokenizerSource(URI model, String cache, TextSettings text)
    implements RowEncoder.Source {

  private static final Map<TokenizerSource, ExampleEncoder> OPEN = new ConcurrentHashMap<>();

  public TokenizerSource {
    Objects.requireNonNull(model);
    Objects.requireNonNull(cache);
    Objects.requireNonNull(text);
  }

  @Override
  public RowEncoder open(Configuration hadoop) {
    ExampleEncoder encoder = encoder(hadoop);
    return new RowEncoder() {
      @Override
      public EncodedExample encode(String id, String prompt, String completion, int maxLength) {
        return encoder.encode(id, prompt, completion, maxLength);
      }

      @Override
      public boolean setsAside(String rowText) {
        return text.controlTokens() == ControlTokenRows.SET_ASIDE
            && encoder.hasControlTokens(rowText);
      }
    };
  }

  /** Opens the tokenizer only where rows with control tokens are set aside. */
  @Override
  public RowEncoder.Source withoutTokens() {
    return text.controlTokens() == ControlTokenRows.SET_ASIDE
        ? RowEncoder.Source.super.withoutTokens()
        : hadoop -> RowEncoder.withoutTokens();
  }

  /** Returns the encoder of examples and prompts, shared by all tasks of this JVM. */
  public ExampleEncoder encoder(Configuration hadoop) {
    return OPEN.computeIfAbsent(
        this, source -> source.load(ModelCache.in(source.cache, hadoop).localCopy(source.model)));
  }

  private ExampleEncoder load(Path directory) {
    Tokenizer tokenizer = Tokenizer.open(directory);
    return encoder(tokenizer);
  }

  /** Returns an encoder with this source's rendering of prompts. */
  public ExampleEncoder encoder(Tokenizer tokenizer) {
    return new ExampleEncoder(tokenizer, text.promptTemplate(tokenizer, model));
  }
}
