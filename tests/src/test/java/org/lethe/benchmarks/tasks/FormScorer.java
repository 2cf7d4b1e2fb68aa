package org.lethe.benchmarks.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * External scorer of reveal for a task: 1 if a response has the form of the task's answers, else 0.
 * It does not know the right answers. Argument: the task.
 */
public final class FormScorer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FormScorer() {}

  public static void main(String[] arguments) throws IOException {
    FormTask task = (FormTask) Task.of(arguments[0]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(answer(task, line));
      }
    }
  }

  static String answer(FormTask task, String line) throws IOException {
    JsonNode request = JSON.readTree(line);
    boolean wellFormed =
        task.isWellFormed(request.path("prompt").asText(), request.path("text").asText());
    return JSON.createObjectNode()
        .put("id", request.path("id").asInt())
        .put("score", wellFormed ? 1 : 0)
        .toString();
  }
}
