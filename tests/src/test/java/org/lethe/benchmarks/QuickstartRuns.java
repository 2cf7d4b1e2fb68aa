package org.lethe.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/**
 * Appends the figures of finished quickstart runs to a CSV file. Arguments: the CSV file, the
 * beginning of each line (date, commit and machine, separated by commas), and run directories named
 * {@code KERNEL-SEED}.
 */
public final class QuickstartRuns {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HEAD =
      "date,commit,recorded_in,machine,kernel,seed,recipe,decision,forgetting,rule,rounds,"
          + "forget_probability,unseen_low,unseen_high,forget_recited_percent,"
          + "unseen_recited_percent,forget_empty_percent,forget_repetition_percent,"
          + "unseen_repetition_percent,"
          + "retain_recited_percent,monitor_percent\n";

  private QuickstartRuns() {}

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    if (!Files.exists(file)) {
      Files.writeString(file, HEAD);
    }
    for (String run : List.of(arguments).subList(2, arguments.length)) {
      Files.writeString(
          file, arguments[1] + "," + line(Path.of(run)) + "\n", StandardOpenOption.APPEND);
    }
  }

  private static String line(Path run) throws IOException {
    JsonNode record = json(run.resolve("record.json"));
    JsonNode stop = json(run.resolve("candidate/stop.json"));
    JsonNode unseen =
        json(run.resolve("evaluation/unseen-before/summary.json"))
            .path("sets")
            .path("unseen-forget")
            .path("figures");
    JsonNode after = record.path("after");
    String[] name = run.getFileName().toString().split("-", 2);
    double seconds = 0;
    double monitor = 0;
    for (String round : Files.readAllLines(run.resolve("metrics/rounds.jsonl"))) {
      seconds += JSON.readTree(round).path("seconds").asDouble();
      monitor += JSON.readTree(round).path("monitor_seconds").asDouble();
    }
    return String.join(
        ",",
        name[0],
        name[1],
        "quickstart.conf",
        record.path("decision").asText().toLowerCase(Locale.ROOT),
        stop.path("forgetting").asText().toLowerCase(Locale.ROOT).replace('_', ' '),
        stop.path("rule").asText(),
        stop.path("to").asText(),
        number(after, "forget.probability", 1),
        number(unseen.path("probability"), "low", 1),
        number(unseen.path("probability"), "high", 1),
        number(after, "forget.rouge-l-recall", 100),
        number(unseen.path("rouge-l-recall"), "mean", 100),
        number(after, "forget.blank", 100),
        number(after, "forget.repetition", 100),
        number(unseen.path("repetition"), "mean", 100),
        number(after, "retain.rouge-l-recall", 100),
        String.format(Locale.ROOT, "%.1f", 100 * monitor / seconds));
  }

  private static String number(JsonNode figures, String name, double factor) {
    return String.format(
        Locale.ROOT, factor == 1 ? "%.4f" : "%.1f", factor * figures.path(name).asDouble());
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }
}
