package org.lethe.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.lethe.run.Accountability.Means;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Interval;
import org.lethe.run.Gate;

/**
 * {@code README.md} of a released model: a model card in the form of the Hugging Face Hub, from the
 * record alone. Contains no time, so that the same decision gives the same bytes.
 */
public final class ModelCard {
  /** Name of the file in the model's folder. */
  public static final String FILE = "README.md";

  private static final String BASE_MODEL = "lethe.release.base-model";
  private static final String ADAPTER_CONFIG = "adapter_config.json";
  private static final JsonMapper JSON = new JsonMapper();

  private final StringBuilder text = new StringBuilder();

  private ModelCard() {}

  /**
   * Returns the card.
   *
   * @param record of the decision; the card is not yet among the files of its model
   */
  public static String of(ErasureRecord record) {
    ModelCard card = new ModelCard();
    card.header(record);
    card.summary(record);
    card.figures(record);
    card.gates(record);
    card.extraction(record);
    card.limits(record);
    return card.text.toString();
  }

  private void header(ErasureRecord record) {
    boolean adapter = record.outputModel().containsKey(ADAPTER_CONFIG);
    line("---");
    line("library_name: " + (adapter ? "peft" : "transformers"));
    line("pipeline_tag: text-generation");
    String base = record.configuration().getOrDefault(BASE_MODEL, "");
    if (!base.isEmpty()) {
      line("base_model: " + quoted(base));
      line("base_model_relation: " + (adapter ? "adapter" : "finetune"));
    }
    line("tags:");
    line("- unlearning");
    line("- lethe");
    line("---");
    line("");
  }

  /** A string in YAML's double quotes, whose rules contain those of JSON. */
  private static String quoted(String value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A string is always written", e);
    }
  }

  private void summary(ErasureRecord record) {
    line("# A model after unlearning");
    line("");
    line(record.statement());
    line("");
    line("| | |");
    line("|---|---|");
    row("Decision", record.decision().name().toLowerCase(Locale.ROOT));
    row("Run", record.runId());
    row("Request", record.requestId());
    row("Reference", record.accountability().requestReference());
    row("Legal basis", record.accountability().legalBasis());
    row("Method", ReportModel.method(record.configuration()));
    record.unlearning().tuning().ifPresent(tuned -> row("Settings chosen", tuned.reason()));
    record.unlearning().stop().ifPresent(stop -> row("Unlearning ended", stop.words()));
    record.unlearning().form().ifPresent(form -> row("Answers", form.words()));
    row("Configuration, SHA-256", record.configurationDigest());
    row("Lethe", record.code().getOrDefault("lethe", ""));
    line("");
    line(
        "`lethe verify RUN_DIR` checks this model's digests, the figures and the decision against"
            + " record.json of the run.");
    line("");
  }

  private void figures(ErasureRecord record) {
    line("## Figures");
    line("");
    line("| Figure | Before | After | 95 % interval | Rows |");
    line("|---|---|---|---|---|");
    SortedMap<String, Interval> intervals = record.evidence().intervals();
    for (Map.Entry<String, Double> figure : record.after().entrySet()) {
      Interval interval = intervals.get("after." + figure.getKey());
      line(
          "| "
              + cell(figure.getKey())
              + " | "
              + number(record.before().get(figure.getKey()))
              + " | "
              + number(figure.getValue())
              + " | "
              + (interval == null
                  ? " | "
                  : number(interval.low())
                      + " to "
                      + number(interval.high())
                      + " | "
                      + interval.count())
              + " |");
    }
    line("");
  }

  private void gates(ErasureRecord record) {
    line("## Gates");
    line("");
    if (record.gates().isEmpty()) {
      line("None was configured.");
    }
    for (Gate.Outcome gate : record.gates()) {
      line("- " + gate.figure() + ", " + gate.bound() + ": " + (gate.passed() ? "held" : "failed"));
    }
    line("");
  }

  private void extraction(ErasureRecord record) {
    line("## Likelihood of extraction by the means tried");
    line("");
    line(record.accountability().likelihoodOfExtraction());
    line("");
    for (Means means : record.accountability().extraction()) {
      line(
          "- "
              + means.kind()
              + ", "
              + means.means()
              + " (`"
              + means.figure()
              + "`): "
              + number(means.after())
              + ", interval "
              + number(means.low())
              + " to "
              + number(means.high())
              + ", "
              + means.rows()
              + " rows, before "
              + means.before().map(ModelCard::number).orElse("not measured"));
    }
    line("");
  }

  private void limits(ErasureRecord record) {
    line("## Limits");
    line("");
    record.limits().forEach(limit -> line("- " + limit));
  }

  private void row(String name, String value) {
    if (!value.isEmpty()) {
      line("| " + name + " | " + cell(value) + " |");
    }
  }

  private static String cell(String value) {
    return value.replace("|", "\\|").replace("<", "&lt;").replaceAll("\\s+", " ");
  }

  private static String number(Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "%.4g", value);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
