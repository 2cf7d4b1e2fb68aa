package org.lethe.cluster.training;

import java.io.Serializable;
import java.util.List;
import org.lethe.cluster.DecoderSource;
import org.lethe.corpus.TokenizerSource;

/**
 * What alternatives to make.
 *
 * @param forget the forget shard of each worker, Hadoop URIs
 * @param source where they come from
 * @param model that writes them; not loaded for refusals
 * @param tokenizer of that model
 * @param maxLength most tokens of an example
 * @param folder Hadoop URI of the folder for worker-00000.parquet and the others
 */
public record AlternativeRequest(
    List<String> forget,
    AlternativeSource source,
    DecoderSource model,
    TokenizerSource tokenizer,
    int maxLength,
    String folder)
    implements Serializable {
  public AlternativeRequest {
    forget = List.copyOf(forget);
  }
}
