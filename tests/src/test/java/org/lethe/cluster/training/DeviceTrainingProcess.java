package org.lethe.cluster.training;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.lethe.cluster.DeviceDecoder;

/**
 * A driver in a separate process, on one Spark worker with two emulated GPUs and two executors.
 * Spark's settings are those of {@code conf/spark-defaults-gpu.conf}. Argument: folder.
 */
public final class DeviceTrainingProcess {
  private DeviceTrainingProcess() {}

  /** Trains the plan of {@link TrainingFixture} in the folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    TrainingProcess.train(
        TrainingFixture.onDevices(folder, new DeviceDecoder(folder.toString())),
        "local-cluster[1,2,2048]",
        settings());
  }

  private static Map<String, String> settings() throws IOException {
    Path conf = Path.of(System.getProperty("lethe.repository"), "conf");
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(conf.resolve("spark-defaults-gpu.conf"))) {
      properties.load(reader);
    }
    Map<String, String> settings = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> settings.put(name, properties.getProperty(name)));
    // A standalone worker has settings of its own.
    settings.put("spark.worker.resource.gpu.amount", "2");
    settings.put(
        "spark.worker.resource.gpu.discoveryScript", conf.resolve("find-gpus.sh").toString());
    return settings;
  }
}
