package org.lethe.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.lethe.run.PhaseHook;

/**
 * The command line in a child process that reads the metrics of its own Spark UI at one phase, as
 * Prometheus would, and keeps the last answer in the file of the system property {@code test.file}.
 */
public final class ScrapedPipeline {
  private ScrapedPipeline() {}

  /** As {@link Lethe#main}. */
  public static void main(String[] arguments) {
    PhaseHook.install(
        phase -> {
          if (phase.equals("round:aggregated")) {
            scrape(Path.of(System.getProperty("test.file")));
          }
        });
    Lethe.main(arguments);
  }

  private static void scrape(Path file) {
    String ui = SparkSession.getDefaultSession().get().sparkContext().uiWebUrl().get();
    try {
      Files.writeString(
          file,
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(ui + "/metrics/prometheus/")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
