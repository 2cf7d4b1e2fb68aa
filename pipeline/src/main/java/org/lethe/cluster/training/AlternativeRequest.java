package org.lethe.cluster.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.lethe.cluster.DecoderSource;
import org.lethe.corpus.TokenizerSource;

/**
 * Request for alternative answers.
 *
 * @param forget forget shard of each worker, Hadoop URIs
 * @param retain retain shards of all workers, Hadoop URIs; read for substituted answers only
 * @param source origin of the alternatives
 * @param model model that writes them; loaded for written answers only
 * @param tokenizer tokenizer of that model
 * @param maxLength maximum tokens of an example
 * @param folder Hadoop URI of the folder for worker-00000.parquet and its siblings
 */
public record AlternativeRequest(
    List<String> forget,
    List<String> retain,
    AlternativeSource source,
    DecoderSource model,
    TokenizerSource tokenizer,
    int maxLength,
    String folder)
    implements Serializable {
  public AlternativeRequest {
    forget = List.copyOf(forget);
    retain = new ArrayList<>(retain);
  }
}
