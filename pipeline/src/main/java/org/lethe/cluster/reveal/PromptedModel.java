package org.lethe.cluster.reveal;

import java.io.Serializable;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.ResidentModel;
import org.lethe.compute.Compute;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.text.TextSettings;
import org.lethe.text.Tokenizer;

/**
 * The model to prompt. It stays in the executor between tasks, see {@link ResidentModel}.
 *
 * @param decoder source of the weights
 * @param model Hadoop URI of the Hugging Face directory with the tokenizer and the end tokens
 * @param cache local directory for copies of remote model directories
 * @param text how texts become tokens
 */
public record PromptedModel(DecoderSource decoder, String model, String cache, TextSettings text)
    implements Serializable {
  /** Tokenizers are opened once per JVM, because a search has many short tasks. */
  private static final Map<String, Words> OPEN = new ConcurrentHashMap<>();

  private record Words(Tokenizer tokenizer, Set<Integer> endTokens) {}

  /** Runs the work with the model, on the calling thread. */
  <T> T use(Configuration hadoop, Function<PromptWork, T> work) {
    Words words = OPEN.computeIfAbsent(model, uri -> open(hadoop));
    try (ResidentModel.Lease lease = ResidentModel.leaseInitial(decoder, hadoop);
        Compute.Hold held = lease.decoder().holdWeights()) {
      T result =
          work.apply(
              new PromptWork(lease.decoder(), words.tokenizer(), words.endTokens(), text, model));
      lease.done(ResidentModel.Parameters.INITIAL);
      return result;
    }
  }

  private Words open(Configuration hadoop) {
    ModelDirectory directory = ModelDirectory.open(URI.create(model), ModelCache.in(cache, hadoop));
    Tokenizer tokenizer = directory.openTokenizer();
    return new Words(tokenizer, directory.endTokens(tokenizer));
  }
}
