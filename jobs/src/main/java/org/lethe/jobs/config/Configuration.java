package org.lethe.jobs.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.ConfigErrors;

/**
 * The configuration of one command: reference.conf below the files of {@code --config} below the
 * keys of {@code --set}.
 *
 * <p>Loading collects every unknown key and wrong type with the file and line that it comes from
 * and leaves that key at its default, so that the {@link #reader} can report all problems together.
 * Only a file that cannot be read fails at once. Environment variables and system properties are
 * not substituted, so that no secret of the environment ends up in run.json.
 */
public final class Configuration {
  /** Sections whose keys the user names. The bindings check their values. */
  private static final Set<String> OPEN =
      Set.of(
          "lethe.gates",
          "lethe.corpus.where",
          "lethe.reveal.oracles.scorers",
          "lethe.spark.settings",
          "lethe.benchmark.methods",
          "lethe.benchmark.common");

  private final Config config;
  private final Problems problems;

  /** What is shown of keys whose values stand in for others; empty for a key that was not set. */
  private final Map<String, Optional<String>> shown;

  private Configuration(Config config, Problems problems) {
    this(config, problems, Map.of());
  }

  private Configuration(Config config, Problems problems, Map<String, Optional<String>> shown) {
    this.config = config;
    this.problems = problems;
    this.shown = Map.copyOf(shown);
  }

  /**
   * Loads and checks.
   *
   * @param files of {@code --config}, later ones win
   * @param overrides of {@code --set}, key=value, later ones win
   * @throws org.lethe.error.LetheException USAGE if a file or an override cannot be read
   */
  public static Configuration load(List<Path> files, List<String> overrides) {
    return load(List.of(), List.of(), files, overrides);
  }

  /**
   * Loads and checks, with the defaults of a built-in scenario.
   *
   * @param resources files of the scenario in this jar
   * @param scenario key=value, above them and below the files
   */
  public static Configuration load(
      List<String> resources, List<String> scenario, List<Path> files, List<String> overrides) {
    Problems problems = new Problems();
    Config reference = resource("/reference.conf");
    Config given = ConfigFactory.empty();
    for (String resource : resources) {
      given = resource(resource).withFallback(given);
    }
    for (String override : scenario) {
      given = override(override, reference, problems).withFallback(given);
    }
    for (Path file : files) {
      given = parse(file, problems).withFallback(given);
    }
    Config set = ConfigFactory.empty();
    for (String override : overrides) {
      set = override(override, reference, problems).withFallback(set);
    }
    given = set.withFallback(given);
    problems.raise();
    KeyCheck check = new KeyCheck(reference, OPEN, problems);
    check.compare(given.root());
    try {
      Config resolved =
          check
              .withoutWrong(given)
              .withFallback(reference)
              .resolve(ConfigResolveOptions.noSystem());
      // Checks types again, now that substitutions have their values.
      check.compare(resolved.root());
      return new Configuration(
          check
              .withoutWrong(resolved)
              .withFallback(reference)
              .resolve(ConfigResolveOptions.noSystem()),
          problems);
    } catch (ConfigException e) {
      throw ConfigErrors.problems(List.of(oneLine(e)));
    }
  }

  /** reference.conf alone. */
  static Configuration defaults() {
    return load(List.of(), List.of());
  }

  /**
   * This configuration with other keys above it.
   *
   * @param sections sections of this configuration, each with keys that begin at {@code lethe};
   *     later ones win
   * @param overrides key=value, above them
   * @throws org.lethe.error.LetheException USAGE with all problems
   */
  public Configuration with(List<String> sections, List<String> overrides) {
    Problems problems = new Problems();
    Config reference = resource("/reference.conf");
    Config given = ConfigFactory.empty();
    for (String section : sections) {
      given = config.getConfig(section).withFallback(given);
    }
    for (String override : overrides) {
      given = override(override, reference, problems).withFallback(given);
    }
    new KeyCheck(reference, OPEN, problems).compare(given.root());
    problems.raise();
    Map<String, Optional<String>> stillShown = new HashMap<>(shown);
    stillShown.keySet().removeIf(given::hasPathOrNull);
    return new Configuration(given.withFallback(config), new Problems(), stillShown);
  }

  /**
   * This configuration with files in place of what the user named, such as copies of tables. Its
   * text still shows what the user named.
   *
   * @param overrides key=value
   */
  public Configuration withCopies(List<String> overrides) {
    Configuration copies = with(List.of(), overrides);
    SortedMap<String, String> named = flattened();
    Map<String, Optional<String>> all = new HashMap<>(shown);
    for (String override : overrides) {
      String key = override.substring(0, override.indexOf('='));
      all.put(key, Optional.ofNullable(named.get(key)));
    }
    return new Configuration(copies.config, copies.problems, all);
  }

  /** A reader that reports problems with values after those with keys. */
  public ConfigurationReader reader() {
    return reader(Map.of());
  }

  /**
   * A reader whose messages about missing keys name the command's own flags.
   *
   * @param flags by the key that they set
   */
  public ConfigurationReader reader(Map<String, String> flags) {
    return new ConfigurationReader(config, problems, flags);
  }

  /** Every key with its value as text, secrets masked. Keys that are not set are left out. */
  public SortedMap<String, String> flattened() {
    SortedMap<String, String> all = new TreeMap<>();
    flatten("", config.root(), all);
    all.keySet().removeAll(shown.keySet());
    shown.forEach((key, text) -> text.ifPresent(value -> all.put(key, value)));
    return all;
  }

  /** The keys below some prefixes, such as {@code lethe.shard}. */
  public SortedMap<String, String> flattened(List<String> prefixes) {
    SortedMap<String, String> chosen = new TreeMap<>();
    flattened()
        .forEach(
            (key, value) -> {
              if (prefixes.stream().anyMatch(p -> key.equals(p) || key.startsWith(p + "."))) {
                chosen.put(key, value);
              }
            });
    return chosen;
  }

  private static void flatten(String prefix, ConfigObject object, SortedMap<String, String> all) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String path = (prefix.isEmpty() ? "" : prefix + ".") + ConfigUtil.joinPath(entry.getKey());
      ConfigValue value = entry.getValue();
      if (value instanceof ConfigObject inner) {
        flatten(path, inner, all);
      } else if (value.valueType() != ConfigValueType.NULL) {
        String text =
            value instanceof ConfigList
                ? value.render(ConfigRenderOptions.concise())
                : String.valueOf(value.unwrapped());
        all.put(path, Secrets.masked(path, text));
      }
    }
  }

  private static Config resource(String name) {
    URL url = Configuration.class.getResource(name);
    if (url == null) {
      throw new IllegalStateException(name + " is not on the class path");
    }
    return ConfigFactory.parseURL(
        url, ConfigParseOptions.defaults().setOriginDescription(name.substring(1)));
  }

  private static Config parse(Path file, Problems problems) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      problems.add(ConfigErrors.unreadable(file.toString(), "no such readable file").getMessage());
      return ConfigFactory.empty();
    }
    try {
      return ConfigFactory.parseFile(
          file.toFile(),
          ConfigParseOptions.defaults()
              .setAllowMissing(false)
              .setIncluder(new FileIncluder(file.toAbsolutePath().normalize())));
    } catch (ConfigException e) {
      problems.add(oneLine(e));
      return ConfigFactory.empty();
    }
  }

  private static Config override(String keyAndValue, Config reference, Problems problems) {
    int equals = keyAndValue.indexOf('=');
    if (equals < 1) {
      problems.add(ConfigErrors.malformedOverride(keyAndValue).getMessage());
      return ConfigFactory.empty();
    }
    String key = keyAndValue.substring(0, equals).strip();
    String text = keyAndValue.substring(equals + 1).strip();
    try {
      return value(key, text, reference).atPath(key);
    } catch (ConfigException e) {
      problems.add("--set " + key + ": " + oneLine(e));
      return ConfigFactory.empty();
    }
  }

  /**
   * The value of an override. Text is taken literally, since paths and URIs hold characters that
   * HOCON gives a meaning ('//' begins a comment); only lists in brackets and objects in braces are
   * HOCON. For a key that is a list, plain text is split at commas.
   */
  private static ConfigValue value(String key, String text, Config reference) {
    String origin = "--set " + key;
    if (text.startsWith("[") || text.startsWith("{")) {
      return ConfigFactory.parseString(
              "value = " + text, ConfigParseOptions.defaults().setOriginDescription(origin))
          .getValue("value");
    }
    if (text.equals("null")) {
      return ConfigValueFactory.fromAnyRef(null, origin);
    }
    if (reference.hasPathOrNull(key)
        && !reference.root().isEmpty()
        && KeyCheck.at(reference.root(), ConfigUtil.splitPath(key)) instanceof ConfigList) {
      List<String> items = new ArrayList<>();
      for (String item : text.split(",", -1)) {
        if (!item.isBlank()) {
          items.add(item.strip());
        }
      }
      return ConfigValueFactory.fromIterable(items, origin);
    }
    return ConfigValueFactory.fromAnyRef(text, origin);
  }

  /** The place of a value: {@code lume.conf:12}, or {@code --set KEY}. */
  static String where(ConfigOrigin origin) {
    if (origin.filename() != null) {
      return Path.of(origin.filename()).getFileName() + ":" + origin.lineNumber();
    }
    // The library creates the sections above the key of an override under this name.
    return origin.description().replaceAll("atPath\\(([^)]*)\\)", "--set $1");
  }

  private static String oneLine(ConfigException e) {
    String text = String.valueOf(e.getMessage());
    return text.replace('\n', ' ').replaceAll("\\s+", " ");
  }
}
