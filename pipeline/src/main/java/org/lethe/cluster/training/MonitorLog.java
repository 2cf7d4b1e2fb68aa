package org.lethe.cluster.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.monitor.MonitorHistory;
import org.lethe.evaluation.monitor.MonitorReading;
import org.lethe.run.JsonLines;
import org.lethe.run.RunDirectory;

/**
 * Appends to metrics/monitor.jsonl. Drops readings of rounds that will run again and those between
 * checkpoints.
 */
final class MonitorLog {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonLines file;
  private MonitorHistory history;

  private MonitorLog(JsonLines file, MonitorHistory history) {
    this.file = file;
    this.history = history;
  }

  /**
   * Opens the log of a training.
   *
   * @param completedRounds rounds of the newest checkpoint
   * @param initial readings of the initial model, written if the log does not have them
   */
  static MonitorLog open(
      RunDirectory directory, int completedRounds, List<MonitorReading> initial) {
    JsonLines file = open(directory, completedRounds);
    List<MonitorReading> found = readings(directory);
    if (found.size() < initial.size()) {
      file = open(directory, -1);
      initial.forEach(file::append);
      found = initial;
    }
    return new MonitorLog(file, new MonitorHistory(found));
  }

  private static JsonLines open(RunDirectory directory, int last) {
    return JsonLines.open(
        directory.fileSystem(),
        directory.monitorLog(),
        line -> line.path("round").asInt() <= last && line.path("position").asDouble() == 1);
  }

  private static List<MonitorReading> readings(RunDirectory directory) {
    List<MonitorReading> readings = new ArrayList<>();
    for (JsonNode line : JsonLines.read(directory.fileSystem(), directory.monitorLog())) {
      try {
        readings.add(MAPPER.treeToValue(line, MonitorReading.class));
      } catch (JsonProcessingException e) {
        throw RunErrors.unreadableDocument(
            directory.monitorLog().toString(), "line " + (readings.size() + 1) + " is no reading");
      }
    }
    return readings;
  }

  void add(MonitorReading reading) {
    file.append(reading);
    history = history.and(reading);
  }

  MonitorHistory history() {
    return history;
  }
}
