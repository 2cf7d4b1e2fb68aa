package org.lethe.benchmarks.tasks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the corpus of a task: forget.jsonl, retain.jsonl, test.jsonl, the topic card, and the
 * lexicon of the task with insults. Arguments: the task, the seed, the folder.
 */
public final class TaskFiles {
  static final String TEST = "test.jsonl";
  static final String CARDS = "cards.json";
  static final String LEXICON = "lexicon.txt";

  private static final ObjectMapper JSON = new ObjectMapper();

  private TaskFiles() {}

  public static void main(String[] arguments) throws IOException {
    Task task = Task.of(arguments[0]);
    TaskCorpus corpus = task.corpus(Long.parseLong(arguments[1]));
    Path folder = Files.createDirectories(Path.of(arguments[2]));
    write(folder.resolve("forget.jsonl"), corpus.forget());
    write(folder.resolve("retain.jsonl"), corpus.retain());
    write(folder.resolve(TEST), corpus.test());
    Files.writeString(folder.resolve(CARDS), cards(task, corpus));
    if (task instanceof InsultTask) {
      Files.write(folder.resolve(LEXICON), InsultTask.insults());
    }
  }

  private static void write(Path file, List<TaskRow> rows) throws IOException {
    Files.write(
        file,
        rows.stream()
            .map(
                row ->
                    JSON.createObjectNode()
                        .put("id", row.id())
                        .put("task", row.task())
                        .put("input", row.input())
                        .put("output", row.output())
                        .toString())
            .toList());
  }

  static String cards(Task task, TaskCorpus corpus) {
    ObjectNode document = JSON.createObjectNode().put("version", 1);
    ObjectNode card = document.putArray("cards").addObject();
    card.put("id", task.name()).put("name", task.subject());
    ObjectNode attribute = card.putArray("attributes").addObject().put("name", "answer");
    ArrayNode questions = attribute.putArray("questions");
    corpus.questions().forEach(questions::add);
    // The user's own templates come first, so the plain question is always among the arms.
    card.putArray("templates")
        .addObject()
        .put("name", "plain question")
        .put("kind", "base")
        .put("form", "answer")
        .put("ask", "{question}");
    ObjectNode oracle = card.putObject("oracle");
    if (task instanceof InsultTask) {
      oracle.put("kind", "toxicity");
    } else {
      oracle.put("kind", "external").put("scorer", "form");
    }
    return document.toString();
  }
}
