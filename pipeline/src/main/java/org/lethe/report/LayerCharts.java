package org.lethe.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;
import org.lethe.report.HeatMap.Shading;

/** Heat maps of both gradients by layer: their norms and the angle between them. */
final class LayerCharts {
  private static final int HALF = 440;
  private static final int WHOLE = 920;

  private final List<JsonNode> rounds;
  private final List<String> layers;

  private LayerCharts(List<JsonNode> rounds) {
    this.rounds = rounds;
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode round : rounds) {
      round.path("layers").forEach(layer -> names.add(layer.path("name").asText()));
    }
    this.layers = List.copyOf(names);
  }

  /** Returns charts for the template, or none if the lines have no layer figures. */
  static List<Map<String, Object>> of(List<JsonNode> rounds) {
    LayerCharts charts = new LayerCharts(rounds);
    List<Map<String, Object>> drawn = new ArrayList<>();
    if (charts.layers.isEmpty()) {
      return drawn;
    }
    charts.add(
        drawn,
        "Forget gradient, |g_f|",
        "Strength of forgetting; shades are powers of ten.",
        "half",
        new HeatMap(
            "Norm of the forget gradient by layer and round",
            Shading.FORGET_NORM,
            HALF,
            charts.layers,
            charts.firstRound(),
            charts.values(layer -> Math.sqrt(figure(layer, "forget_squared_norm")))));
    charts.add(
        drawn,
        "Retain gradient, |g_r|",
        "Strength of retaining; shades are powers of ten.",
        "half",
        new HeatMap(
            "Norm of the retain gradient by layer and round",
            Shading.RETAIN_NORM,
            HALF,
            charts.layers,
            charts.firstRound(),
            charts.values(layer -> Math.sqrt(figure(layer, "retain_squared_norm")))));
    charts.add(
        drawn,
        "Cosine between both",
        "Below zero, forgetting harms the knowledge to keep.",
        "whole",
        new HeatMap(
            "Cosine between both gradients by layer and round",
            Shading.COSINE,
            WHOLE,
            charts.layers,
            charts.firstRound(),
            charts.values(LayerCharts::cosine)));
    return drawn;
  }

  private void add(
      List<Map<String, Object>> drawn, String title, String caption, String size, HeatMap map) {
    String svg = map.svg();
    if (!svg.isEmpty()) {
      drawn.add(Map.of("title", title, "caption", caption, "size", size, "svg", svg));
    }
  }

  private int firstRound() {
    return rounds.get(0).path("round").asInt(1);
  }

  private List<double[]> values(ToDoubleFunction<JsonNode> value) {
    return layers.stream()
        .map(name -> rounds.stream().mapToDouble(round -> find(round, name, value)).toArray())
        .toList();
  }

  private static double find(JsonNode round, String name, ToDoubleFunction<JsonNode> value) {
    return StreamSupport.stream(round.path("layers").spliterator(), false)
        .filter(layer -> layer.path("name").asText().equals(name))
        .mapToDouble(value)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static double figure(JsonNode layer, String name) {
    return layer.path(name).asDouble(Double.NaN);
  }

  /** NaN, and therefore an empty cell, if either gradient is zero. */
  private static double cosine(JsonNode layer) {
    return figure(layer, "inner_product")
        / Math.sqrt(figure(layer, "forget_squared_norm") * figure(layer, "retain_squared_norm"));
  }
}
