package org.lethe.reveal.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A scorer in a separate process. Its argument selects its behaviour. */
public final class ScorerProgram {
  private ScorerProgram() {}

  public static void main(String[] arguments) throws IOException {
    ObjectMapper json = new ObjectMapper();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    List<String> held = new ArrayList<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode request = json.readTree(line);
      System.err.println("seen: " + line);
      double score = request.get("text").textValue().length() % 10 / 10.0;
      String answer = "{\"id\":" + request.get("id") + ",\"score\":" + score + "}";
      switch (arguments[0]) {
        case "good" -> System.out.println(answer);
        case "pairwise-backwards" -> {
          held.add(answer);
          if (held.size() == 2) {
            Collections.reverse(held);
            held.forEach(System.out::println);
            held.clear();
          }
        }
        case "quits" -> {
          return;
        }
        case "babbles" -> System.out.println(request.get("text").textValue());
        case "above-one" -> System.out.println("{\"id\":" + request.get("id") + ",\"score\":1.5}");
        case "twice" -> {
          System.out.println("{\"id\":0,\"score\":0.5}");
          System.out.println("{\"id\":0,\"score\":0.5}");
        }
        default -> {} // no answer
      }
      System.out.flush();
    }
  }
}
