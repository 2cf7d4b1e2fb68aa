package org.lethe.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.NotMeasured;
import org.lethe.run.Accountability;
import org.lethe.run.Digests;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.ErasureRecord.ExampleRow;
import org.lethe.run.ErasureRecord.Later;
import org.lethe.run.ErasureRecord.RequestLine;
import org.lethe.run.Gate;
import org.lethe.run.GateReport;
import org.lethe.run.UnlearningEnd;

/** Documents of a successful run. All numbers are invented. */
final class ReportSample {
  private ReportSample() {}

  static ErasureRecord record(Decision decision) {
    SortedMap<String, Double> before =
        figures(0.981, 0.985, 0.92, 0.968, 0.033, 0.0, 0.021, 0.979, 0.983, 0.91, 0.966, 0.035);
    SortedMap<String, Double> after =
        figures(0.114, 0.102, 0.0, 0.004, 5.51, 0.01, 0.034, 0.942, 0.947, 0.84, 0.921, 0.082);
    List<Gate> gates =
        List.of(
            new Gate("forget.rouge-l-recall", new Gate.AtMost(0.3)),
            new Gate(
                "retain.rouge-l-recall",
                decision == Decision.RELEASED
                    ? new Gate.AtLeastShareOfBefore(0.75)
                    : new Gate.AtLeast(0.97)));
    return new ErasureRecord(
        ErasureRecord.FORMAT,
        ErasureRecord.STATEMENT,
        "nightly-2026-11-21",
        "DSR-20461",
        "2026-11-21T09:41:07Z",
        decision,
        decision == Decision.RELEASED ? "model" : "model.refused",
        digests("config.json", "model.safetensors", "tokenizer.json"),
        digests("config.json", "generation_config.json", "model.safetensors", "tokenizer.json"),
        digests("forget: file:/data/forget.jsonl", "retain: file:/data/retain.jsonl"),
        new TreeMap<>(Map.of("forget accepted", 120L, "retain accepted", 120L, "quarantined", 0L)),
        new TreeMap<>(Map.of("lethe", "0.1.0", "spark", "4.1.3", "jar", Digests.of("jar"))),
        Digests.of("configuration"),
        new TreeMap<>(
            Map.of(
                "lethe.unlearn.direction", "blur",
                "lethe.unlearn.forget-loss", "npo",
                "lethe.unlearn.workers", "2",
                "lethe.model.adapter", "full",
                "lethe.unlearn.blur.gamma", "1.0")),
        before,
        after,
        new TreeMap<>(),
        GateReport.of(gates, measured(before), measured(after)).outcomes(),
        List.of(
            example("person-007-phone", "forget", 1.0, 0.12),
            example("person-019-address", "forget", 0.96, 0.05),
            example("person-031-birth", "retain", 1.0, 1.0)),
        ErasureRecord.LIMITS,
        Accountability.NONE,
        UnlearningEnd.NONE,
        ErasureRecord.Evidence.NONE,
        List.of());
  }

  /** A record whose recitation after unlearning is not measured. */
  static ErasureRecord undefined() {
    ErasureRecord one = record(Decision.REFUSED);
    String name = "forget.rouge-l-recall";
    NotMeasured why = new NotMeasured(NotMeasured.Reason.CUT_SHORT, 2, 9);
    SortedMap<String, Double> after = new TreeMap<>(one.after());
    after.remove(name);
    EvaluationFigures figures =
        new EvaluationFigures(new TreeMap<>(), new TreeMap<>(Map.of(name, why)));
    return new ErasureRecord(
        one.format(),
        one.statement(),
        one.runId(),
        one.requestId(),
        one.created(),
        one.decision(),
        one.modelPath(),
        one.inputModel(),
        one.outputModel(),
        one.data(),
        one.counts(),
        one.code(),
        one.configurationDigest(),
        one.configuration(),
        one.before(),
        after,
        new TreeMap<>(Map.of("after." + name, why.words())),
        List.of(new Gate(name, new Gate.AtMost(0.3)).decide(measured(one.before()), figures)),
        one.examples(),
        one.limits(),
        one.accountability(),
        one.unlearning(),
        one.evidence(),
        one.requests());
  }

  private static EvaluationFigures measured(SortedMap<String, Double> values) {
    Map<String, Figure> figures = new TreeMap<>();
    values.forEach((name, value) -> figures.put(name, new Figure(value, value, value, 1)));
    return EvaluationFigures.of(figures);
  }

  /** Three consecutive requests; the data of the first one comes back. */
  static ErasureRecord sequence() {
    ErasureRecord one = record(Decision.RELEASED);
    List<RequestLine> lines =
        List.of(
            line("DSR-1", 0.98, 0.04, later("DSR-2", 0.05), later("DSR-3", 0.21)),
            line("DSR-2", 0.97, 0.06, later("DSR-3", 0.06)),
            line("DSR-3", 0.96, 0.05));
    SortedMap<String, Double> before = new TreeMap<>(one.before());
    SortedMap<String, Double> after = new TreeMap<>(one.after());
    before.keySet().removeIf(name -> name.startsWith("forget."));
    after.keySet().removeIf(name -> name.startsWith("forget."));
    return new ErasureRecord(
        one.format(),
        one.statement(),
        one.runId(),
        "",
        one.created(),
        one.decision(),
        "requests/DSR-3/model",
        one.inputModel(),
        one.outputModel(),
        one.data(),
        one.counts(),
        one.code(),
        one.configurationDigest(),
        one.configuration(),
        before,
        after,
        one.notMeasured(),
        List.of(),
        List.of(),
        one.limits(),
        one.accountability(),
        one.unlearning(),
        one.evidence(),
        lines);
  }

  private static RequestLine line(String id, double before, double after, Later... later) {
    ErasureRecord one = record(Decision.RELEASED);
    return new RequestLine(
        id,
        Decision.RELEASED,
        "requests/" + id + "/record.json",
        "requests/" + id + "/model",
        one.gates(),
        new TreeMap<>(Map.of("forget.rouge-l-recall", before)),
        new TreeMap<>(Map.of("forget.rouge-l-recall", after)),
        List.of(later));
  }

  private static Later later(String request, double figure) {
    return new Later(request, new TreeMap<>(Map.of("forget.rouge-l-recall", figure)));
  }

  static List<JsonNode> rounds(int count) {
    List<JsonNode> rounds = new ArrayList<>();
    for (int round = 1; round <= count; round++) {
      double t = (double) round / count;
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("round", round);
      line.put("step", round * 8);
      line.put("forget_loss", 13.8 * Math.exp(-3.2 * t) + 0.9 + 0.3 * Math.sin(9 * t));
      line.put("retain_loss", 0.036 + 0.4 * t * Math.exp(-2.5 * t) + 0.02 * Math.cos(11 * t));
      line.put("forget_squared_norm", 40 * Math.exp(-9 * t));
      line.put("retain_squared_norm", 0.9 * Math.exp(-0.5 * t) + 0.1 * Math.sin(14 * t));
      line.put("rho", -0.4 * Math.exp(-3 * t) + 0.05 * Math.sin(20 * t));
      line.put("direction_norm", 6.3 * Math.exp(-3 * t) + 0.4);
      line.put("learning_rate", 1e-4 * (1 + Math.cos(Math.PI * t)) / 2);
      line.put("tokens", 21_734);
      line.put("seconds", 2.4);
      line.put("spark_seconds", 0.09);
      layers(line.putArray("layers"), t);
      rounds.add(line);
    }
    return rounds;
  }

  private static void layers(ArrayNode layers, double t) {
    List<String> names = new ArrayList<>(List.of("embed_tokens"));
    for (int i = 0; i < 6; i++) {
      names.add("layers." + i);
    }
    names.add("norm");
    for (int i = 0; i < names.size(); i++) {
      double forget = 20 * Math.exp(-9 * t - 0.5 * i);
      double retain = 0.3 * Math.exp(-0.5 * t + 0.2 * i);
      ObjectNode layer = layers.addObject();
      layer.put("name", names.get(i));
      layer.put("forget_squared_norm", forget);
      layer.put("retain_squared_norm", retain);
      layer.put("inner_product", 0.4 * Math.sin(5 * t + i) * Math.sqrt(forget * retain));
    }
  }

  private static ExampleRow example(String id, String set, double before, double after) {
    return new ExampleRow(
        id,
        set,
        new TreeMap<>(Map.of("rouge-l-recall", before, "probability", 0.95, "loss", 0.05)),
        new TreeMap<>(Map.of("rouge-l-recall", after, "probability", 0.01, "loss", 4.61)));
  }

  private static SortedMap<String, Double> figures(double... values) {
    String[] names = {
      "forget.rouge-l-recall",
      "forget.rouge-l-f1",
      "forget.exact-match",
      "forget.probability",
      "forget.loss",
      "forget.blank",
      "forget.repetition",
      "retain.rouge-l-recall",
      "retain.rouge-l-f1",
      "retain.exact-match",
      "retain.probability",
      "retain.loss"
    };
    SortedMap<String, Double> figures = new TreeMap<>();
    for (int i = 0; i < names.length; i++) {
      figures.put(names[i], values[i]);
    }
    return figures;
  }

  private static SortedMap<String, String> digests(String... names) {
    SortedMap<String, String> digests = new TreeMap<>();
    for (String name : names) {
      digests.put(name, Digests.of(name));
    }
    return digests;
  }
}
