package org.lethe.cluster.monitor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.TokenizerSource;
import org.lethe.evaluation.AnswerModel;
import org.lethe.evaluation.DecoderAnswerModel;
import org.lethe.evaluation.GeneratedTokens;
import org.lethe.evaluation.monitor.FormSettings;
import org.lethe.evaluation.monitor.MonitorSet;
import org.lethe.evaluation.monitor.MonitoredRow;
import org.lethe.evaluation.monitor.SetForm;
import org.lethe.model.Decoder;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.text.Example;
import org.lethe.text.Tokenizer;

/**
 * Lets a model answer sampled forget and unseen rows greedily, in the process that trains it, and
 * reads the form of the answers. Texts are dropped at once.
 */
public final class FormMonitor {
  private final TokenizerSource tokenizer;
  private final FormSettings settings;
  private final RowSample sample;
  private final Configuration hadoop;

  /**
   * A monitor of one training.
   *
   * @param tokenizer tokenizer of the model that is trained
   * @param forget shard files of the forget rows
   * @param unseen shard files of the unseen rows
   */
  public FormMonitor(
      TokenizerSource tokenizer,
      FormSettings settings,
      List<String> forget,
      List<String> unseen,
      Configuration hadoop) {
    this.tokenizer = tokenizer;
    this.settings = settings;
    this.hadoop = hadoop;
    sample =
        new RowSample(
            new MonitorFiles(Map.of(MonitorSet.FORGET, forget, MonitorSet.UNSEEN, unseen)),
            settings.rows(),
            settings.seed());
  }

  /** Returns the form of a model's answers to the sampled rows of a set, FORGET or UNSEEN. */
  public SetForm read(Decoder decoder, MonitorSet set) {
    ModelDirectory directory =
        ModelDirectory.open(tokenizer.model(), ModelCache.in(tokenizer.cache(), hadoop));
    try (Tokenizer opened = directory.openTokenizer()) {
      return read(
          new DecoderAnswerModel(decoder, directory.endTokens(opened), opened::decode), set);
    }
  }

  private SetForm read(AnswerModel model, MonitorSet set) {
    List<int[]> prompts =
        sample.batches(hadoop).stream()
            .flatMap(List::stream)
            .filter(row -> row.set() == set)
            .map(MonitoredRow::example)
            .map(FormMonitor::prompt)
            .toList();
    List<String> answers = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += RowSample.BATCH) {
      List<int[]> batch = prompts.subList(from, Math.min(prompts.size(), from + RowSample.BATCH));
      int[] limits = new int[batch.size()];
      Arrays.fill(limits, settings.maxNewTokens());
      for (GeneratedTokens made : model.generate(batch, limits)) {
        answers.add(model.decode(made.tokens()).strip());
      }
    }
    return SetForm.of(answers);
  }

  private static int[] prompt(Example example) {
    return Arrays.copyOf(example.tokens(), example.promptTokens());
  }
}
