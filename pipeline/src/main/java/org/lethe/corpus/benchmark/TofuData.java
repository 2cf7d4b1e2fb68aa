package org.lethe.corpus.benchmark;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.benchmark.BenchmarkItem;
import org.lethe.evaluation.benchmark.TofuBenchmark;
import org.lethe.evaluation.benchmark.TofuSet;

/**
 * The evaluation data of TOFU, from the files that its authors publish.
 *
 * @param folder folder with forget10_perturbed.json and the other files
 * @param forget the forget split: forget01, forget05 or forget10
 * @param holdout file of held-out authors, for membership inference
 * @param rows first questions of each set to use; 0: all
 */
public record TofuData(URI folder, String forget, Optional<String> holdout, int rows)
    implements BenchmarkItems {
  private static final String ORIGIN = "https://huggingface.co/datasets/locuslab/TOFU";
  private static final String SCHEMA = "tofu-question";

  @Override
  public List<BenchmarkItem> items(Configuration hadoop) {
    List<BenchmarkItem> items = new ArrayList<>();
    add(items, TofuSet.FORGET, forget + "_perturbed.json", hadoop);
    add(items, TofuSet.RETAIN, "retain_perturbed.json", hadoop);
    add(items, TofuSet.REAL_AUTHORS, "real_authors_perturbed.json", hadoop);
    add(items, TofuSet.WORLD_FACTS, "world_facts_perturbed.json", hadoop);
    holdout.ifPresent(
        name -> {
          for (DataFile.Entry entry : file(name).read(hadoop, rows)) {
            items.add(
                BenchmarkItem.answer(
                    "holdout", id(entry), "", entry.text("question"), entry.text("answer")));
          }
        });
    return items;
  }

  @Override
  public List<URI> files(Configuration hadoop) {
    List<URI> files = new ArrayList<>();
    files.add(uri(forget + "_perturbed.json"));
    files.add(uri("retain_perturbed.json"));
    files.add(uri("real_authors_perturbed.json"));
    files.add(uri("world_facts_perturbed.json"));
    holdout.ifPresent(name -> files.add(uri(name)));
    return files;
  }

  @Override
  public List<String> unanswered() {
    List<String> sets = new ArrayList<>(List.of("holdout"));
    for (TofuSet set : TofuSet.values()) {
      sets.add(set.key() + TofuBenchmark.PARAPHRASED);
      sets.add(set.key() + TofuBenchmark.PERTURBED);
    }
    return sets;
  }

  private void add(List<BenchmarkItem> items, TofuSet set, String name, Configuration hadoop) {
    boolean paraphrased = set == TofuSet.FORGET || set == TofuSet.RETAIN;
    for (DataFile.Entry entry : file(name).read(hadoop, rows)) {
      String id = id(entry);
      String question = entry.text("question");
      items.add(BenchmarkItem.answer(set.key(), id, "", question, entry.text("answer")));
      if (paraphrased) {
        items.add(
            BenchmarkItem.answer(
                set.key() + TofuBenchmark.PARAPHRASED,
                id,
                "",
                question,
                entry.text("paraphrased_answer")));
      }
      List<String> wrong = entry.texts("perturbed_answer", 1);
      for (int i = 0; i < wrong.size(); i++) {
        items.add(
            BenchmarkItem.answer(
                set.key() + TofuBenchmark.PERTURBED, id + "/" + i, "", question, wrong.get(i)));
      }
    }
  }

  private static String id(DataFile.Entry entry) {
    return String.valueOf(entry.number() - 1);
  }

  private DataFile file(String name) {
    return new DataFile("tofu", uri(name), SCHEMA + ".schema.json", ORIGIN);
  }

  private URI uri(String name) {
    return URI.create(folder.toString().replaceAll("/*$", "/") + name);
  }
}
