package org.lethe.corpus.benchmark;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.TokenizerSource;
import org.lethe.corpus.input.PairDigest;
import org.lethe.corpus.input.ShardRow;
import org.lethe.evaluation.benchmark.BenchmarkItem;
import org.lethe.evaluation.benchmark.ShotPrompt;
import org.lethe.model.directory.ModelCache;
import org.lethe.text.EncodedExample;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PromptTemplate;
import org.lethe.text.Tokenizer;

/**
 * Writes a benchmark's items as shard files, one per set, so that any number of workers can
 * evaluate them like other rows.
 */
public final class BenchmarkShards {
  private BenchmarkShards() {}

  /**
   * Encodes the items and writes the files.
   *
   * @param folder Hadoop path of the folder for SET.parquet
   * @param maxLength maximum number of tokens of an item. A longer prompt loses its first examples
   *     and then its beginning; a longer text loses its end.
   * @param newTokens for sets with generated answers, the number of tokens to reserve after the
   *     prompt
   * @return the file of each set
   */
  public static SortedMap<String, URI> write(
      List<BenchmarkItem> items,
      TokenizerSource source,
      int maxLength,
      Map<String, Integer> newTokens,
      Path folder,
      Configuration hadoop) {
    SortedMap<String, List<ShardRow>> rows = new TreeMap<>();
    java.nio.file.Path model = ModelCache.in(source.cache(), hadoop).localCopy(source.model());
    try (Tokenizer tokenizer = Tokenizer.open(model)) {
      ExampleEncoder raw = new ExampleEncoder(tokenizer, PromptTemplate.raw());
      ExampleEncoder templated = source.encoder(tokenizer);
      for (BenchmarkItem item : items) {
        // Only answers use the chat template. A choice or a text is scored without one.
        ExampleEncoder encoder = item.form() == BenchmarkItem.Form.ANSWER ? templated : raw;
        int room = newTokens.getOrDefault(item.set(), 0);
        String prompt = fitting(item, encoder, maxLength, room);
        EncodedExample encoded = encoder.encode(item.id(), prompt, item.answer(), maxLength);
        Example example = encoded.example();
        int[] tokens = example.tokens();
        if (item.form() == BenchmarkItem.Form.OPEN
            && tokens[tokens.length - 1] == tokenizer.endToken()
            && tokens.length > example.promptTokens() + 1) {
          tokens = Arrays.copyOf(tokens, tokens.length - 1);
        }
        rows.computeIfAbsent(item.set(), set -> new ArrayList<>())
            .add(
                new ShardRow(
                    item.id(),
                    item.task(),
                    prompt,
                    item.answer(),
                    tokens,
                    example.promptTokens(),
                    PairDigest.of(prompt, item.answer())));
      }
    }
    SortedMap<String, URI> files = new TreeMap<>();
    rows.forEach(
        (set, ofSet) -> {
          Path file = new Path(folder, set + ".parquet");
          ShardReader.write(ofSet, file, hadoop);
          files.put(set, file.toUri());
        });
    return files;
  }

  /** Returns the prompt with as many of its examples as fit. */
  private static String fitting(
      BenchmarkItem item, ExampleEncoder encoder, int maxLength, int newTokens) {
    ShotPrompt prompt = item.prompt();
    int shots = prompt.shots().size();
    for (int dropped = 0; dropped < shots; dropped++) {
      String text = prompt.text(dropped);
      int answer = encoder.encodeOpener(text, item.answer()).length + 1; // The end token.
      if (encoder.encodePrompt(text).length + Math.max(answer, newTokens) <= maxLength) {
        return text;
      }
    }
    return prompt.text(shots);
  }
}
