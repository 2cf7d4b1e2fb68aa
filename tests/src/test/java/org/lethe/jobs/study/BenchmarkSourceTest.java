package org.lethe.jobs.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.evaluation.benchmark.Benchmarks;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.ReferenceComments;

final class BenchmarkSourceTest {
  private static final List<String> DATA =
      List.of(
          "lethe.benchmark.tofu.data=/tofu",
          "lethe.benchmark.lume.forget=/lume/forget.jsonl",
          "lethe.benchmark.lume.retain=/lume/retain.jsonl",
          "lethe.benchmark.muse.data=/muse",
          "lethe.benchmark.muse.forget=/muse/forget.jsonl",
          "lethe.benchmark.muse.retain=/muse/retain.jsonl");

  static List<String> names() {
    return BenchmarkSource.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyRegisteredBenchmarkBindsUnderItsName(String name) {
    ConfigurationReader reader = Configuration.load(List.of(), DATA).reader();
    BenchmarkSource source = BenchmarkSource.read(name, reader);
    reader.done();

    assertThat(source.name()).isEqualTo(name);
    assertThat(Benchmarks.named(name).name()).isEqualTo(name);
    assertThat(BenchmarkSource.configured(Configuration.load(List.of(), DATA))).contains(name);
  }

  @Test
  void anUnknownBenchmarkIsAnErrorWithASuggestion() {
    ConfigurationReader reader = Configuration.load(List.of(), DATA).reader();

    assertThatThrownBy(() -> BenchmarkSource.read("tofo", reader))
        .hasMessage(
            "Unknown benchmark: tofo, expected one of tofu, lume, muse; did you mean tofu?");
    assertThatThrownBy(() -> Benchmarks.named("mmluu")).hasMessageEndingWith("did you mean mmlu?");
  }

  @Test
  void theForgetSetOfTofuDeterminesTheOtherSets() {
    ConfigurationReader reader =
        Configuration.load(
                List.of(),
                List.of("lethe.benchmark.tofu.data=/tofu", "lethe.benchmark.tofu.forget=forget05"))
            .reader();

    assertThat(BenchmarkSource.read("tofu", reader).corpus())
        .contains(
            "lethe.corpus.forget=file:///tofu/forget05.json",
            "lethe.corpus.retain=file:///tofu/retain95.json");
  }

  @Test
  void everyNameIsInTheCommentOfItsKey() {
    ConfigurationReader reader =
        Configuration.load(
                List.of(),
                List.of(
                    "lethe.benchmark.tofu.data=/tofu",
                    "lethe.benchmark.tofu.forget=no-such-name",
                    "lethe.benchmark.tofu.holdout=holdout10",
                    "lethe.benchmark.gradient-norm=no-such-name"))
            .reader();
    BenchmarkSource.read("tofu", reader);
    Map<String, List<String>> choices = ReferenceComments.choices(reader);

    assertThat(choices)
        .containsOnlyKeys("lethe.benchmark.tofu.forget", "lethe.benchmark.gradient-norm");
    choices.forEach(ReferenceComments::assertDocumented);
  }
}
