package org.lethe.model.directory;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.TensorValues;
import org.lethe.text.TokenizerTrainer;
import org.lethe.text.TrainedTokenizer;

/** Small model directories for tests. */
final class ModelFiles {
  static final LlamaConfig CONFIG =
      new LlamaConfig(16, 24, 2, 4, 2, 4, 270, 64, 1e-5, 10_000, Optional.empty(), true, Set.of());

  static final Configuration HADOOP = new Configuration(false);

  private ModelFiles() {}

  static TrainedTokenizer tokenizer() {
    return TokenizerTrainer.train(
        List.of("Ada Turner lives in Ada Street.", "Ada Turner works.").iterator(), 270);
  }

  /** A model of formula weights. */
  static Path write(Path directory, LlamaConfig config, Dtype dtype) {
    new ModelDirectoryWriter(HADOOP)
        .writeNew(directory.toUri(), config, dtype, tokenizer(), weights(config));
    return directory;
  }

  static ModelDirectoryWriter.Weights weights(LlamaConfig config) {
    return weights(config.architecture());
  }

  static ModelDirectoryWriter.Weights weights(Architecture architecture) {
    return (BiConsumer<String, TensorValues> consumer) ->
        architecture
            .tensors()
            .forEach(
                tensor -> {
                  float[] zeros = new float[Math.toIntExact(tensor.length())];
                  HeapTensor values = new HeapTensor(zeros, tensor.shape());
                  new RandomWeights(5).read(tensor.name(), values);
                  consumer.accept(tensor.name(), values);
                });
  }
}
