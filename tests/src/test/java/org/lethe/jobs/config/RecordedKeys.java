package org.lethe.jobs.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The keys that are read while the plan of one stage is bound.
 *
 * @param plan the bound plan
 * @param keys paths of the keys that were read
 */
public record RecordedKeys(RunPlan plan, Set<String> keys) {
  /**
   * Binds a stage.
   *
   * @param overrides HOCON that overrides reference.conf
   */
  public static RecordedKeys of(Stage stage, String overrides) {
    Set<String> keys = new TreeSet<>();
    ConfigurationReader reader =
        new ConfigurationReader(
            recording(configuration(overrides), keys), new Problems(), Map.of());
    RunPlan plan = RunPlan.bind(reader, List.of(stage));
    reader.done();
    return new RecordedKeys(plan, keys);
  }

  /**
   * The value of every key that has one, as text.
   *
   * @param overrides HOCON that overrides reference.conf
   */
  public static Map<String, String> values(String overrides) {
    Map<String, String> values = new TreeMap<>();
    configuration(overrides)
        .entrySet()
        .forEach(entry -> values.put(entry.getKey(), entry.getValue().unwrapped().toString()));
    return values;
  }

  static Config configuration(String overrides) {
    return ConfigFactory.parseString(overrides)
        .withFallback(ConfigFactory.parseResources(RecordedKeys.class, "/reference.conf"))
        .resolve();
  }

  /** Records the path of every value that is read. */
  private static Config recording(Config config, Set<String> keys) {
    return (Config)
        Proxy.newProxyInstance(
            Config.class.getClassLoader(),
            new Class<?>[] {Config.class},
            (proxy, method, arguments) -> {
              if (arguments != null && arguments[0] instanceof String path) {
                keys.add(path);
              }
              try {
                return method.invoke(config, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
