package org.lethe.model.directory;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.DecoderConfig;
import org.lethe.model.RandomWeights;
import org.lethe.model.WeightNames;
import org.lethe.tensor.Dtype;
import org.lethe.text.TokenizerTrainer;
import org.lethe.text.TrainedTokenizer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small model directories for tests. */
final class ModelFiles {
  static final DecoderConfig CONFIG =
      new DecoderConfig(
          16, 24, 2, 4, 2, 4, 270, 64, 1e-5, 10_000, Optional.empty(), true, false, false);

  static final Configuration HADOOP = new Configuration(false);

  private ModelFiles() {}

  static TrainedTokenizer tokenizer() {
    return TokenizerTrainer.train(
        List.of("Ada Turner lives in Ada Street.", "Ada Turner works.").iterator(), 270);
  }

  /** A model of formula weights. */
  static Path write(Path directory, DecoderConfig config, Dtype dtype) {
    new ModelDirectoryWriter(HADOOP)
        .writeNew(directory.toUri(), config, dtype, tokenizer(), weights(config));
    return directory;
  }

  static ModelDirectoryWriter.Weights weights(DecoderConfig config) {
    return (BiConsumer<String, INDArray> consumer) ->
        WeightNames.expected(config)
            .forEach(
                (name, shape) -> {
                  INDArray values =
                      Nd4j.create(
                          DataType.FLOAT, shape.stream().mapToLong(Long::longValue).toArray());
                  new RandomWeights(5).read(name, values);
                  consumer.accept(name, values);
                });
  }
}
