package org.lethe.corpus.benchmark;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.benchmark.BenchmarkItem;
import org.lethe.evaluation.benchmark.MuseBenchmark;
import org.lethe.evaluation.benchmark.ShotPrompt;

/**
 * The evaluation data of MUSE News or Books, in the files of its repository.
 *
 * @param folder folder with verbmem/forget.json, knowmem/{forget,retain}_qa.json and their
 *     _icl.json, and privleak/{forget,retain,holdout}.json
 */
public record MuseData(URI folder) implements BenchmarkItems {
  /** Maximum number of new tokens, from MUSE's own code. */
  public static final Map<String, Integer> NEW_TOKENS =
      Map.of(
          MuseBenchmark.VERBMEM, 128,
          MuseBenchmark.KNOWMEM_FORGET, 32,
          MuseBenchmark.KNOWMEM_RETAIN, 32);

  private static final String ORIGIN =
      "https://huggingface.co/datasets/muse-bench/MUSE-News (or MUSE-Books), as JSON";
  private static final List<String> TEXTS = List.of("forget", "retain", "holdout");

  @Override
  public List<BenchmarkItem> items(Configuration hadoop) {
    List<BenchmarkItem> items = new ArrayList<>();
    for (DataFile.Entry entry : read(hadoop, "verbmem/forget.json", "muse-verbmem")) {
      items.add(
          BenchmarkItem.answer(
              MuseBenchmark.VERBMEM, id(entry), "", entry.text("prompt"), entry.text("gt")));
    }
    addQuestions(items, hadoop, "forget", MuseBenchmark.KNOWMEM_FORGET);
    addQuestions(items, hadoop, "retain", MuseBenchmark.KNOWMEM_RETAIN);
    for (String set : TEXTS) {
      for (DataFile.Entry entry : read(hadoop, "privleak/" + set + ".json", "text-record")) {
        // Objects on the Hub, plain strings in the authors' repository.
        items.add(
            BenchmarkItem.text(MuseBenchmark.PRIVLEAK + set, id(entry), entry.wholeText("text")));
      }
    }
    return items;
  }

  /** Adds questions after the in-context examples, as question and answer blocks. */
  private void addQuestions(
      List<BenchmarkItem> items, Configuration hadoop, String name, String set) {
    List<String> examples = new ArrayList<>();
    for (DataFile.Entry entry : read(hadoop, "knowmem/" + name + "_qa_icl.json", "muse-question")) {
      examples.add(block(entry.text("question")) + ' ' + entry.text("answer") + "\n\n");
    }
    for (DataFile.Entry entry : read(hadoop, "knowmem/" + name + "_qa.json", "muse-question")) {
      items.add(
          new BenchmarkItem(
              set,
              id(entry),
              "",
              new ShotPrompt("", examples, block(entry.text("question"))),
              entry.text("answer"),
              BenchmarkItem.Form.ANSWER));
    }
  }

  private static String block(String question) {
    return "Question: " + question + "\nAnswer:";
  }

  @Override
  public List<URI> files(Configuration hadoop) {
    List<URI> files = new ArrayList<>();
    files.add(uri("verbmem/forget.json"));
    for (String set : List.of("forget", "retain")) {
      files.add(uri("knowmem/" + set + "_qa.json"));
      files.add(uri("knowmem/" + set + "_qa_icl.json"));
    }
    TEXTS.forEach(set -> files.add(uri("privleak/" + set + ".json")));
    return files;
  }

  @Override
  public List<String> unanswered() {
    return TEXTS.stream().map(set -> MuseBenchmark.PRIVLEAK + set).toList();
  }

  private List<DataFile.Entry> read(Configuration hadoop, String name, String schema) {
    return new DataFile("muse", uri(name), schema + ".schema.json", ORIGIN).read(hadoop, 0);
  }

  private URI uri(String name) {
    return URI.create(folder.toString().replaceAll("/*$", "/") + name);
  }

  private static String id(DataFile.Entry entry) {
    return String.valueOf(entry.number() - 1);
  }
}
