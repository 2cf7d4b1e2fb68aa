package org.lethe.model.directory;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.DecoderConfig;
import org.lethe.model.RandomWeights;
import org.lethe.model.WeightNames;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.TensorValues;
import org.lethe.text.TokenizerTrainer;
import org.lethe.text.TrainedTokenizer;

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
    return (BiConsumer<String, TensorValues> consumer) ->
        WeightNames.expected(config)
            .forEach(
                (name, shape) -> {
                  long[] extents = shape.stream().mapToLong(Long::longValue).toArray();
                  int length = (int) Arrays.stream(extents).reduce(1, Math::multiplyExact);
                  HeapTensor values = new HeapTensor(new float[length], extents);
                  new RandomWeights(5).read(name, values);
                  consumer.accept(name, values);
                });
  }
}
