package org.lethe.model.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.lethe.error.LetheException;
import org.lethe.error.ModelDirectoryErrors;
import org.lethe.error.WeightFileErrors;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.SafetensorsReader;
import org.lethe.tensor.TensorInfo;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;
import org.lethe.text.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model in the Hugging Face layout. Opening it checks that config.json describes a supported
 * decoder, and that the safetensors hold exactly its tensors, with floating dtypes and the
 * configured shapes. Thread-safe.
 */
public final class ModelDirectory implements WeightSource {
  private static final Logger LOG = LoggerFactory.getLogger(ModelDirectory.class);

  /**
   * Files that every loader opens first, so a folder without them is no model and no adapter. They
   * are published last.
   */
  public static final Set<String> READ_FIRST = Set.of("config.json", "adapter_config.json");

  private static final String CONFIG = "config.json";
  private static final String GENERATION_CONFIG = "generation_config.json";

  private final URI uri;
  private final Path path;
  private final Architecture architecture;
  private final SafetensorsReader weights;
  private final FileNames names;

  private ModelDirectory(
      URI uri, Path path, Architecture architecture, SafetensorsReader weights, FileNames names) {
    this.uri = uri;
    this.path = path;
    this.architecture = architecture;
    this.weights = weights;
    this.names = names;
  }

  /** Opens a model at any Hadoop address. Copies a remote one into the cache first. */
  public static ModelDirectory open(URI model, ModelCache cache) {
    return open(model, cache.localCopy(model));
  }

  /** Opens a local model. */
  public static ModelDirectory open(Path directory) {
    return open(directory.toUri(), directory);
  }

  private static ModelDirectory open(URI uri, Path path) {
    if (!Files.isDirectory(path)) {
      throw ModelDirectoryErrors.noDirectory(uri);
    }
    rejectAdapter(path);
    if (!Files.isRegularFile(path.resolve(CONFIG))) {
      throw ModelDirectoryErrors.noConfig(path);
    }
    Architecture architecture = DecoderConfigReader.read(path.resolve(CONFIG));
    JsonNode config = DecoderConfigReader.parse(path.resolve(CONFIG));
    SafetensorsReader weights = WeightFiles.open(path, config);
    Optional<LetheException> problem = problems(weights, architecture).stream().findFirst();
    if (problem.isPresent()) {
      throw problem.get();
    }
    FileNames names = new FileNames(architecture, weights);
    StoredDtypes.conversion(config, names.all().stream().map(name -> weights.info(name).dtype()))
        .ifPresent(LOG::warn);
    return new ModelDirectory(uri, path, architecture, weights, names);
  }

  /** An adapter beside a model would be loaded by transformers, and silently ignored here. */
  static void rejectAdapter(Path path) {
    Path adapter = path.resolve(AdapterDirectory.CONFIG);
    if (!Files.isRegularFile(adapter)) {
      return;
    }
    if (Files.isRegularFile(path.resolve(CONFIG))) {
      throw WeightFileErrors.adapterBeside(path, AdapterDirectory.CONFIG);
    }
    String base = DecoderConfigReader.parse(adapter).path("base_model_name_or_path").asText();
    throw WeightFileErrors.adapterOnly(path, base.isEmpty() ? "not named" : base);
  }

  /** Everything that speaks against the weights, the first reason first. */
  static List<LetheException> problems(SafetensorsReader weights, Architecture architecture) {
    FileNames names = new FileNames(architecture, weights);
    List<LetheException> problems = new ArrayList<>();
    List<String> missing = names.all().stream().filter(name -> !weights.contains(name)).toList();
    if (!missing.isEmpty()) {
      problems.add(ModelDirectoryErrors.missingTensors(weights.path(), missing));
    }
    List<String> unexpected =
        weights.names().stream()
            .filter(name -> !names.all().contains(name))
            .filter(name -> !isRedundant(name, architecture))
            .toList();
    if (!unexpected.isEmpty()) {
      problems.add(ModelDirectoryErrors.unexpectedTensors(weights.path(), unexpected));
    }
    for (TensorSpec tensor : architecture.tensors()) {
      String name = names.inFile(tensor.name());
      if (weights.contains(name)) {
        checkTensor(weights, name, tensor.extents()).ifPresent(problems::add);
      }
    }
    String head = architecture.head().name();
    if (architecture.head().weight().isEmpty() && weights.contains(head)) {
      String embedding = names.inFile(architecture.embedding().table().name());
      if (weights.contains(embedding) && !weights.sameValues(head, embedding)) {
        problems.add(WeightFileErrors.conflictingHead(weights.path(), head, embedding));
      }
    }
    return problems;
  }

  private static Optional<LetheException> checkTensor(
      SafetensorsReader weights, String name, List<Long> shape) {
    try {
      weights.requireFloating(name);
    } catch (LetheException e) {
      return Optional.of(e);
    }
    List<Long> found = weights.info(name).shape();
    return found.equals(shape)
        ? Optional.empty()
        : Optional.of(ModelDirectoryErrors.wrongShape(weights.path(), name, found, shape));
  }

  /**
   * Whether a tensor that the architecture lacks can be ignored: a copy of a tied head, or a buffer
   * that old versions of transformers saved.
   */
  private static boolean isRedundant(String name, Architecture architecture) {
    return (name.equals(architecture.head().name()) && architecture.head().weight().isEmpty())
        || FileNames.isBuffer(name);
  }

  /** Address that was opened. */
  public URI uri() {
    return uri;
  }

  /** Local directory: the model itself or its copy. */
  public Path path() {
    return path;
  }

  public Architecture architecture() {
    return architecture;
  }

  /** All tensors of the model, with the names and dtypes of the files. */
  public List<TensorInfo> tensors() {
    return names.all().stream().map(weights::info).toList();
  }

  /** Name in the files of a tensor of the model. */
  String fileName(String name) {
    return names.inFile(name);
  }

  /** Dtype of the token embedding. In nearly every model, all tensors have it. */
  public Dtype dtype() {
    return dtype(architecture.embedding().table().name());
  }

  @Override
  public boolean contains(String name) {
    return names.contains(name);
  }

  @Override
  public Dtype dtype(String name) {
    return weights.info(names.inFile(name)).dtype();
  }

  @Override
  public void read(String name, TensorValues target) {
    List<Long> shape = Arrays.stream(target.shape()).boxed().toList();
    String inFile = names.inFile(name);
    List<Long> found = weights.info(inFile).shape();
    if (!found.equals(shape)) {
      throw ModelDirectoryErrors.wrongShape(weights.path(), inFile, found, shape);
    }
    OptionalLong bad = weights.read(inFile, target);
    if (bad.isPresent()) {
      throw ModelDirectoryErrors.notFinite(weights.path(), inFile, bad.getAsLong());
    }
  }

  /** Opens the tokenizer. Checks that its ids fit into the model's vocabulary. */
  public Tokenizer openTokenizer() {
    Tokenizer tokenizer = Tokenizer.open(path);
    if (tokenizer.vocabularySize() > architecture.vocabularySize()) {
      int ids = tokenizer.vocabularySize();
      tokenizer.close();
      throw ModelDirectoryErrors.vocabularyDoesNotFit(path, ids, architecture.vocabularySize());
    }
    return tokenizer;
  }

  /**
   * The tokens at which generation stops: eos_token_id of generation_config.json (a number or a
   * list), else of config.json, and the tokenizer's own end token.
   */
  public Set<Integer> endTokens(Tokenizer tokenizer) {
    Set<Integer> ends = new LinkedHashSet<>();
    for (String file : List.of(GENERATION_CONFIG, CONFIG)) {
      if (ends.isEmpty()) {
        optionalJson(file).ifPresent(json -> addIds(json.path("eos_token_id"), ends));
      }
    }
    ends.add(tokenizer.endToken());
    return ends;
  }

  private void addIds(JsonNode node, Set<Integer> ids) {
    List<JsonNode> numbers = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(numbers::add);
    } else {
      numbers.add(node);
    }
    for (JsonNode number : numbers) {
      if (number.isInt() && number.intValue() >= 0) {
        ids.add(number.intValue());
      }
    }
  }

  private Optional<JsonNode> optionalJson(String name) {
    Path file = path.resolve(name);
    return Files.isRegularFile(file)
        ? Optional.of(DecoderConfigReader.parse(file))
        : Optional.empty();
  }

  /** The files that go with the weights: configuration, tokenizer, licence. */
  List<Path> companions() {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> isCompanion(file.getFileName().toString()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw ModelDirectoryErrors.unreadable(path, e);
    }
  }

  private static boolean isCompanion(String name) {
    return Set.of(
                CONFIG,
                GENERATION_CONFIG,
                "tokenizer.json",
                "tokenizer_config.json",
                "special_tokens_map.json",
                "added_tokens.json",
                "tokenizer.model",
                "vocab.json",
                "merges.txt",
                "chat_template.jinja",
                "chat_template.json")
            .contains(name)
        || name.matches("(LICENSE|LICENCE|NOTICE|USE_POLICY)[A-Za-z0-9._-]*");
  }

  /** SHA-256 of every file of the model, by name: companions and weights. Reads all files. */
  public SortedMap<String, String> fileDigests() {
    SortedMap<String, String> digests = new TreeMap<>();
    Stream.concat(companions().stream(), weights.files().stream())
        .forEach(file -> digests.put(file.getFileName().toString(), FileDigests.ofFile(file)));
    return digests;
  }

  /** SHA-256 of the whole model, see {@link #digestOf}. */
  public String digest() {
    return digestOf(fileDigests());
  }

  /**
   * SHA-256 of a whole model, over the lines "digest name" of its files.
   *
   * @param files SHA-256 of every file, by name
   */
  public static String digestOf(Map<String, String> files) {
    return FileDigests.ofAll(files);
  }
}
