package org.lethe.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.interpret.RenderResult;
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

/** Writes report.html from the documents of a run directory. */
public final class Report {
  private static final String TEMPLATE = "report.html.jinja";

  private Report() {}

  /**
   * Reads record.json, metrics/rounds.jsonl, and what says how data was revealed, and writes
   * report.html beside them.
   *
   * @param searches how other runs revealed, for comparison with this one
   * @throws org.lethe.error.LetheException INPUT if there is no record or it cannot be read
   */
  public static void write(RunDirectory directory, List<RevealReport> searches) {
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    List<JsonNode> rounds = JsonLines.read(directory.fileSystem(), directory.roundsLog());
    Documents.writeText(
        directory.fileSystem(),
        directory.report(),
        html(record, rounds, RevealSection.of(directory, searches)));
  }

  /** The page. All text of the documents is escaped; only plots made here stand as they are. */
  static String html(ErasureRecord record, List<JsonNode> rounds) {
    return html(record, rounds, RevealSection.NONE);
  }

  /** The same of a run that revealed its data. */
  static String html(ErasureRecord record, List<JsonNode> rounds, RevealSection revealed) {
    Map<String, Object> model = ReportModel.of(record, rounds);
    model.put("revealed", revealed.model());
    return render(TEMPLATE, model);
  }

  /** A page from a template of this package. */
  static String render(String name, Map<String, Object> model) {
    JinjavaConfig config =
        JinjavaConfig.newBuilder()
            // Values are data: braces in a row id are not a template.
            .withNestedInterpretationEnabled(false)
            .withFailOnUnknownTokens(true)
            .withTrimBlocks(true)
            .withLstripBlocks(true)
            .build();
    RenderResult result = new Jinjava(config).renderForResult(template(name), model);
    if (result.hasErrors()) {
      throw new IllegalStateException("The report's template is wrong: " + result.getErrors());
    }
    return result.getOutput();
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
