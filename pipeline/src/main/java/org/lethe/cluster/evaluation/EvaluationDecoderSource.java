package org.lethe.cluster.evaluation;

import java.net.URI;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.ResidentModel;
import org.lethe.evaluation.AnswerModel;
import org.lethe.evaluation.DecoderAnswerModel;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.text.Tokenizer;

/**
 * Evaluates a decoder that stays in the executor between tasks, see {@link ResidentModel}.
 *
 * @param decoder source of the weights
 * @param model Hadoop URI of the Hugging Face directory with the tokenizer and the end tokens
 * @param cache local directory for copies of remote model directories
 */
public record EvaluationDecoderSource(DecoderSource decoder, String model, String cache)
    implements EvaluationModelSource {
  @Override
  public <T> T use(Configuration hadoop, Function<AnswerModel, T> work) {
    ModelDirectory directory = ModelDirectory.open(URI.create(model), ModelCache.in(cache, hadoop));
    try (ResidentModel.Lease lease = ResidentModel.leaseInitial(decoder, hadoop);
        Tokenizer tokenizer = directory.openTokenizer()) {
      AnswerModel answers =
          new DecoderAnswerModel(
              lease.decoder(), directory.endTokens(tokenizer), tokenizer::decode);
      T result = work.apply(answers);
      lease.done(ResidentModel.Parameters.INITIAL);
      return result;
    }
  }
}
