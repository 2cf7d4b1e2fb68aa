package org.lethe.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.TestBackend;
import org.lethe.compute.Vectors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitLoss;
import org.lethe.model.ParameterLayout;
import org.lethe.model.TokenLosses;
import org.lethe.model.generation.Generator;

/** Compares each family with reference values of transformers in float64. */
final class FamilyGoldenTest {
  private static final LogitLoss SUM =
      chunk -> {
        double[] losses = chunk.tokenLosses();
        double[] ones = new double[losses.length];
        Arrays.fill(ones, 1);
        chunk.nllGradient(ones);
        return Arrays.stream(losses).sum();
      };

  static Stream<Arguments> casesAndBackends() {
    return FamilyCase.all()
        .flatMap(
            c ->
                Stream.of(TestBackend.HEAP_FLOAT, TestBackend.ARRAY_DOUBLE, TestBackend.CUDA_FLOAT)
                    .map(backend -> Arguments.of(c, backend)));
  }

  private static Decoder decoder(FamilyCase c, TestBackend backend) {
    return Decoder.load(c.architecture(), Adapter.full(), backend.backend(), FamilyCase.weights());
  }

  @ParameterizedTest
  @MethodSource("casesAndBackends")
  void lossesAreThoseOfTransformers(FamilyCase c, TestBackend backend) {
    try (Decoder decoder = decoder(c, backend)) {
      TokenLosses losses = decoder.forward(c.batch());
      for (int row = 0; row < c.losses().size(); row++) {
        assertThat(losses.tokens()[row])
            .as("row %d", row)
            .containsExactly(c.losses().get(row), within(backend.tolerance(1e-8, 1e-4)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("casesAndBackends")
  void gradientNormsAreThoseOfTransformers(FamilyCase c, TestBackend backend) {
    try (Decoder decoder = decoder(c, backend);
        Gradients gradients = decoder.newGradients()) {
      double sum = decoder.accumulate(c.batch(), SUM, gradients);
      assertThat(sum)
          .isCloseTo(c.losses().stream().flatMapToDouble(Arrays::stream).sum(), within(1e-3));
      Map<String, Double> norms = c.gradientNorms();
      assertThat(decoder.layout().entries())
          .extracting(ParameterLayout.Entry::name)
          .containsExactlyInAnyOrderElementsOf(norms.keySet());
      for (ParameterLayout.Entry entry : decoder.layout().entries()) {
        double norm = Vectors.norm(gradients.flat().slice(entry.offset(), entry.length()));
        assertThat(norm).as(entry.name()).isCloseTo(norms.get(entry.name()), withinPercentage(0.1));
      }
    }
  }

  /** The emulated device is slow, so only models with different caches generate there. */
  static Stream<Arguments> generatingCasesAndBackends() {
    Set<String> onDevice = Set.of("llama", "mistral", "gemma2", "gemma3_text", "gpt_neo");
    return casesAndBackends()
        .filter(
            arguments ->
                arguments.get()[1] != TestBackend.CUDA_FLOAT
                    || onDevice.contains(arguments.get()[0].toString()));
  }

  @ParameterizedTest
  @MethodSource("generatingCasesAndBackends")
  void greedyTokensWithTheCacheAreThoseOfTransformers(FamilyCase c, TestBackend backend) {
    try (Decoder decoder = decoder(c, backend)) {
      Generator generator =
          new Generator(decoder, new Generator.Settings(c.greedyNext().length, 4, Set.of()));
      List<int[]> generated = generator.generate(List.of(c.greedyPrompt()), done -> {});
      assertThat(generated.get(0)).containsExactly(c.greedyNext());
    }
  }
}
