package org.lethe.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.evaluation.monitor.FormReading;
import org.lethe.evaluation.tuning.CandidateOrder;
import org.lethe.evaluation.tuning.CandidateOrder.Standing;
import org.lethe.evaluation.tuning.CandidateResult;
import org.lethe.evaluation.tuning.TuningResult;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/** Writes a tuning as a table, a page with a plot, and a configuration file with the choice. */
public final class TuningReport {
  /** The chosen keys, for {@code --config}. */
  public static final String CHOSEN = "chosen.conf";

  /** All candidates, best first. */
  public static final String TABLE = "candidates.csv";

  /** The page with table and plot. */
  public static final String PAGE = "tune.html";

  private static final String TEMPLATE = "tune.html.jinja";

  private final FileSystem files;
  private final Path folder;

  /** Creates a report in a folder. */
  public TuningReport(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Writes all three files; replaces existing ones. */
  public void write(TuningResult result) {
    Documents.writeText(files, new Path(folder, CHOSEN), configuration(result));
    Documents.writeText(files, new Path(folder, TABLE), table(result));
    Documents.writeText(files, new Path(folder, PAGE), Report.render(TEMPLATE, model(result)));
  }

  /** Returns the template's values for the tuning of a run; empty for a run without one. */
  static Map<String, Object> section(RunDirectory directory) {
    Path file = new Path(new Path(directory.root(), TuningResult.FOLDER), TuningResult.FILE);
    return Documents.exists(directory.fileSystem(), file)
        ? model(Documents.read(directory.fileSystem(), file, TuningResult.class))
        : Map.of();
  }

  static String configuration(TuningResult result) {
    StringBuilder text = new StringBuilder("# Chosen by lethe tune: ");
    text.append(result.chosen()).append(", ").append(result.reason()).append(".\n");
    for (String keyAndValue : result.configuration()) {
      text.append(keyAndValue.replaceFirst("=", " = ")).append('\n');
    }
    return text.toString();
  }

  static String table(TuningResult result) {
    StringBuilder csv =
        new StringBuilder(
            "candidate,method,gamma,learning_rate,standing,rounds,trained,examples,forget_"
                + result.metric().replace('-', '_')
                + ",retain_loss_rise,forget_blank,forget_repetition,unseen_blank,unseen_repetition,"
                + "ended_by\n");
    CandidateOrder order = result.order();
    for (CandidateResult one : result.candidates()) {
      csv.append(one.candidate().name())
          .append(',')
          .append(one.method())
          .append(',')
          .append(one.gamma().map(String::valueOf).orElse(""))
          .append(',')
          .append(one.rate())
          .append(',')
          .append(order.standing(one).words())
          .append(',')
          .append(one.rounds())
          .append(',')
          .append(one.trained())
          .append(',')
          .append(one.examples())
          .append(',')
          .append(one.forget(result.figure()).map(String::valueOf).orElse(""))
          .append(',')
          .append(one.retainRise().map(String::valueOf).orElse(""))
          .append(',')
          .append(one.form().map(form -> columns(form)).orElse(",,,"))
          .append(',')
          .append(one.failure().isEmpty() ? one.rule() : one.failure())
          .append('\n');
    }
    return csv.toString();
  }

  private static String columns(FormReading form) {
    return form.forget().blank()
        + ","
        + form.forget().repetition()
        + ","
        + form.unseen().blank()
        + ","
        + form.unseen().repetition();
  }

  private static Map<String, Object> model(TuningResult result) {
    CandidateOrder order = result.order();
    List<TuningChart.Mark> marks = new ArrayList<>();
    List<Map<String, Object>> rows = new ArrayList<>();
    int number = 0;
    for (CandidateResult one : result.candidates()) {
      number++;
      Standing standing = order.standing(one);
      if (one.outcome().isPresent()) {
        marks.add(
            new TuningChart.Mark(
                one.candidate().name(),
                number,
                style(standing),
                one.forget(result.figure()).orElseThrow(),
                one.retainRise().orElseThrow()));
      }
      rows.add(row(result, one, number, standing));
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("chosen", result.chosen());
    model.put("reason", result.reason());
    model.put("figure", result.metric());
    model.put("low", Svg.text("%.3f", result.unseen().low() - result.margin()));
    model.put("high", Svg.text("%.3f", result.unseen().high() + result.margin()));
    model.put("before", Svg.text("%.3f", result.before().mean()));
    result.candidates().stream()
        .flatMap(one -> one.form().stream())
        .findFirst()
        .ifPresent(
            form -> model.put("usual", Svg.text("%.0f %%", 100 * form.unseen().degenerate())));
    model.put("tolerance", Svg.text("%.0f", 100 * result.formTolerance()));
    model.put(
        "chart",
        new TuningChart(
                result.metric(),
                result.unseen().low() - result.margin(),
                result.unseen().high() + result.margin(),
                result.before().mean(),
                marks)
            .svg());
    model.put("rows", rows);
    model.put("keys", result.configuration());
    return model;
  }

  private static Map<String, Object> row(
      TuningResult result, CandidateResult one, int number, Standing standing) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("number", number);
    row.put("name", one.candidate().name());
    row.put("standing", standing.words());
    row.put("verdict", verdict(standing));
    row.put("rounds", one.trained() + " of " + one.rounds());
    row.put(
        "forget", one.forget(result.figure()).map(v -> Svg.text("%.3f", v)).orElse("not measured"));
    row.put("rise", one.retainRise().map(v -> Svg.text("%+.4f", v)).orElse("not measured"));
    row.put(
        "form",
        one.form()
            .map(form -> Svg.text("%.0f %%", 100 * form.forget().degenerate()))
            .orElse("not measured"));
    row.put("ended", one.failure().isEmpty() ? one.reason() : one.failure());
    return row;
  }

  private static String style(Standing standing) {
    return switch (standing) {
      case REACHED -> "m7";
      case ON_ITS_WAY -> "m5";
      case FORM_BROKEN, TOO_COSTLY, OVER_FORGOTTEN, FAILED -> "m9";
      case TOO_SLOW -> "m12";
    };
  }

  private static String verdict(Standing standing) {
    return switch (standing) {
      case REACHED -> "good";
      case ON_ITS_WAY -> "part";
      case FORM_BROKEN, TOO_COSTLY, OVER_FORGOTTEN, FAILED, TOO_SLOW -> "bad";
    };
  }
}
