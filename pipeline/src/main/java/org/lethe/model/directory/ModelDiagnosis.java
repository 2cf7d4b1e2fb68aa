package org.lethe.model.directory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.lethe.error.LetheException;
import org.lethe.error.ModelDirectoryErrors;
import org.lethe.model.architecture.Architecture;
import org.lethe.tensor.SafetensorsReader;
import org.lethe.text.Tokenizer;

/**
 * Whether a model directory can be used, with every reason against it. Opening a model stops at the
 * first.
 *
 * @param architecture the model, if its config.json is supported
 * @param problems reasons against the directory; none if it can be used
 */
public record ModelDiagnosis(Optional<Architecture> architecture, List<String> problems) {
  public ModelDiagnosis {
    problems = List.copyOf(problems);
  }

  /** Examines a local directory. Reads no weights but those of a second head. */
  public static ModelDiagnosis of(Path directory) {
    List<String> problems = new ArrayList<>();
    Path config = directory.resolve("config.json");
    if (!Files.isDirectory(directory)) {
      problems.add(ModelDirectoryErrors.noDirectory(directory).getMessage());
      return new ModelDiagnosis(Optional.empty(), problems);
    }
    attempt(
        problems,
        () -> {
          ModelDirectory.rejectAdapter(directory);
          return directory;
        });
    if (!Files.isRegularFile(config)) {
      problems.add(ModelDirectoryErrors.noConfig(directory).getMessage());
      return new ModelDiagnosis(Optional.empty(), problems);
    }
    Optional<Architecture> architecture = attempt(problems, () -> DecoderConfigReader.read(config));
    Optional<SafetensorsReader> weights =
        attempt(problems, () -> WeightFiles.open(directory, DecoderConfigReader.parse(config)));
    if (architecture.isPresent() && weights.isPresent()) {
      ModelDirectory.problems(weights.get(), architecture.get())
          .forEach(problem -> problems.add(problem.getMessage()));
    }
    if (problems.isEmpty()) {
      attempt(problems, () -> tokenizer(directory));
    }
    return new ModelDiagnosis(architecture, problems.stream().distinct().toList());
  }

  private static int tokenizer(Path directory) {
    try (Tokenizer tokenizer = ModelDirectory.open(directory).openTokenizer()) {
      return tokenizer.vocabularySize();
    }
  }

  private static <T> Optional<T> attempt(List<String> problems, Supplier<T> work) {
    try {
      return Optional.of(work.get());
    } catch (LetheException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }
}
