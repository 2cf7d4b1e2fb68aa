package org.lethe.cluster.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.lethe.error.RunErrors;
import org.lethe.run.JsonLines;
import org.lethe.run.RunDirectory;

/** Appends to metrics/rounds.jsonl. Drops lines of rounds that will run again. */
final class MetricsLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonLines file;
  private final List<RoundMetrics> lines = new ArrayList<>();

  MetricsLog(RunDirectory directory, int completedRounds) {
    file =
        JsonLines.open(
            directory.fileSystem(),
            directory.roundsLog(),
            line -> line.path("round").asInt() <= completedRounds);
    for (JsonNode line : JsonLines.read(directory.fileSystem(), directory.roundsLog())) {
      try {
        lines.add(JSON.treeToValue(line, RoundMetrics.class));
      } catch (JsonProcessingException e) {
        throw RunErrors.unreadableDocument(
            directory.roundsLog().toString(), "line " + (lines.size() + 1) + " is no round");
      }
    }
  }

  void add(RoundMetrics metrics) {
    file.append(metrics);
    lines.add(metrics);
  }

  List<RoundMetrics> lines() {
    return List.copyOf(lines);
  }
}
