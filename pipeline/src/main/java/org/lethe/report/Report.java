package org.lethe.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.JsonLines;
import org.lethe.run.RunDirectory;
import org.lethe.text.jinja.JinjaTemplate;

/** Writes report.html from the documents of a run directory. */
public final class Report {
  private static final String TEMPLATE = "report.html.jinja";

  private Report() {}

  /**
   * Reads record.json, metrics and the documents of reveal and of stop rules, and writes
   * report.html into the run directory.
   *
   * @param searches reveal reports of other runs, for comparison
   * @throws org.lethe.error.LetheException INPUT if the record is missing or cannot be read
   */
  public static void write(RunDirectory directory, List<RevealReport> searches) {
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    Documents.writeText(
        directory.fileSystem(), directory.report(), html(directory, record, searches));
  }

  /** Returns the page of a run directory. */
  static String html(RunDirectory directory, ErasureRecord record, List<RevealReport> searches) {
    List<JsonNode> rounds = JsonLines.read(directory.fileSystem(), directory.roundsLog());
    RunDirectory unlearned = unlearned(directory, record);
    return html(
        record,
        rounds,
        RevealSection.of(directory, searches),
        MonitorSection.of(unlearned),
        TuningReport.section(unlearned));
  }

  /** The run directory of the unlearning, which is below the run's if that has iterations. */
  private static RunDirectory unlearned(RunDirectory directory, ErasureRecord record) {
    String candidate = record.evidence().folders().getOrDefault("candidate", "candidate");
    return RunDirectory.at(directory.below(candidate).getParent(), directory.fileSystem());
  }

  /** Returns the page. Escapes all text of the documents; only the plots are inserted unescaped. */
  static String html(ErasureRecord record, List<JsonNode> rounds) {
    return html(record, rounds, RevealSection.NONE, MonitorSection.NONE);
  }

  /** Returns the page of a run with a reveal stage or stop rules. */
  static String html(
      ErasureRecord record, List<JsonNode> rounds, RevealSection revealed, MonitorSection monitor) {
    return html(record, rounds, revealed, monitor, Map.of());
  }

  private static String html(
      ErasureRecord record,
      List<JsonNode> rounds,
      RevealSection revealed,
      MonitorSection monitor,
      Map<String, Object> tuning) {
    Map<String, Object> model = ReportModel.of(record, rounds);
    model.put("revealed", revealed.model());
    AttackSection attacks = AttackSection.of(record);
    model.put("attacks", attacks.lines());
    model.put("attack_notes", attacks.notes());
    model.put("accountability", AccountabilitySection.of(record.accountability()));
    model.put("monitor", monitor.model());
    model.put("tuning", tuning);
    return render(TEMPLATE, model);
  }

  /** Renders a template of this package. */
  static String render(String name, Map<String, Object> model) {
    // Jinja removes the line break at the end of a template.
    return JinjaTemplate.parse(template(name)).renderHtml(model) + "\n";
  }

  private static String template(String name) {
    try (InputStream in = Report.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
