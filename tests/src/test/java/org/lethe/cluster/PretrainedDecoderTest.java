package org.lethe.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.compute.Vectors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.directory.AdapterDirectory;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.tensor.Dtype;
import org.lethe.text.TokenizerTrainer;
import org.nd4j.linalg.api.buffer.DataType;

final class PretrainedDecoderTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final LlamaConfig CONFIG =
      new LlamaConfig(16, 32, 2, 4, 2, 4, 280, 64, 1e-5, 10000, Optional.empty(), true, Set.of());
  private static final Adapter LORA = new Adapter.Lora(2, 4, 0, Set.of(Adapter.Lora.ALL_LINEAR), 3);

  @TempDir private Path folder;

  @BeforeEach
  void writeModel() {
    try (Decoder decoder =
        Decoder.load(CONFIG.architecture(), Adapter.full(), DataType.FLOAT, new RandomWeights(1))) {
      new ModelDirectoryWriter(HADOOP)
          .writeNew(
              folder.resolve("model").toUri(),
              CONFIG,
              Dtype.BF16,
              TokenizerTrainer.train(
                  List.of("Ada Turner lives here.", "Ada works.").iterator(), 280),
              decoder::forEachTensor);
    }
  }

  private PretrainedDecoder source(Adapter adapter) {
    return PretrainedDecoder.of(
        folder.resolve("model").toUri(), "digest", folder.resolve("cache").toString(), adapter);
  }

  private static void assertRestored(PretrainedDecoder source) {
    try (Decoder decoder = source.load(HADOOP)) {
      double[] initial = Vectors.values(decoder.parameters());
      decoder.parameters().math().fill(0.5, decoder.parameters());
      source.restore(HADOOP, decoder);
      assertThat(Vectors.values(decoder.parameters())).isEqualTo(initial);
    }
  }

  @Test
  void trainedWeightsAreReadAgain() {
    assertRestored(source(Adapter.full()));
    assertRestored(source(new Adapter.Chosen(List.of("layers.1.mlp.down_proj"))));
  }

  @Test
  void initialFactorsAreMadeAgain() {
    assertRestored(source(LORA));
  }

  @Test
  void trainedFactorsAreReadAgain() {
    try (Decoder trained = source(LORA).load(HADOOP)) {
      trained.parameters().math().fill(0.25, trained.parameters());
      AdapterDirectory.write(folder.resolve("adapter").toUri(), HADOOP, "base", trained);
    }
    PretrainedDecoder continued =
        source(LORA).withFactors(folder.resolve("adapter").toUri(), "trained");
    try (Decoder decoder = continued.load(HADOOP)) {
      assertThat(Vectors.values(decoder.parameters())).containsOnly(0.25);
    }
    assertRestored(continued);
  }
}
