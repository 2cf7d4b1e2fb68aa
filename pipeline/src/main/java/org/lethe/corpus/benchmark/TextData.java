package org.lethe.corpus.benchmark;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.benchmark.BenchmarkItem;

/**
 * Plain texts of which every token is scored: documents for membership inference or for perplexity.
 *
 * @param benchmark benchmark of the data
 * @param set name of the set of these texts
 * @param file JSON Lines
 * @param field field with the text
 */
public record TextData(String benchmark, String set, URI file, String field)
    implements BenchmarkItems {
  private static final String ORIGIN =
      "https://github.com/amazon-science/lume-llm-unlearning (member.jsonl, nonmember.jsonl), or"
          + " write one object with that field per line";

  @Override
  public List<BenchmarkItem> items(Configuration hadoop) {
    List<BenchmarkItem> items = new ArrayList<>();
    for (DataFile.Entry entry :
        new DataFile(benchmark, file, "text-record.schema.json", ORIGIN).read(hadoop, 0)) {
      items.add(
          BenchmarkItem.text(
              set, entry.textOr("id", String.valueOf(entry.number())), entry.text(field)));
    }
    return items;
  }

  @Override
  public List<URI> files(Configuration hadoop) {
    return List.of(file);
  }

  @Override
  public List<String> unanswered() {
    return List.of(set);
  }
}
