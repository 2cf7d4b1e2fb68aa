package org.lethe.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.lethe.reveal.search.WeightSearch.Point;
import org.lethe.run.ChosenWeight;

/**
 * The search for the weight of a subtracted module: each lambda_f that was tried, and the chosen
 * one.
 */
final class WeightTable {
  private WeightTable() {}

  /**
   * Returns the template's values; empty if no module was subtracted.
   *
   * @param chosen one search per iteration, in order
   */
  static Map<String, Object> model(List<ChosenWeight> chosen) {
    if (chosen.isEmpty()) {
      return Map.of();
    }
    List<Map<String, Object>> searches = new ArrayList<>();
    for (ChosenWeight search : chosen) {
      searches.add(
          Map.of(
              "title",
              chosen.size() == 1 ? "" : "Iteration " + (searches.size() + 1),
              "rows",
              Stream.concat(Stream.of(search.nothing()), search.points().stream())
                  .map(point -> row(search, point))
                  .toList()));
    }
    ChosenWeight first = chosen.get(0);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("variant", first.variant());
    model.put(
        "retain",
        first.retainWeight().isPresent() ? number("%.2f", first.retainWeight().getAsDouble()) : "");
    model.put("searches", searches);
    return model;
  }

  private static Map<String, Object> row(ChosenWeight search, Point point) {
    boolean isChosen = point.weight() == search.forgetWeight();
    return Map.of(
        "weight", number("%.2f", point.weight()),
        "recited", FigureText.ROUGE_L_RECALL.shown(point.recited()),
        "loss", number("%.3f", point.retainLoss()),
        "rise", number("%+.3f", point.retainLoss() - search.nothing().retainLoss()),
        "chosen", isChosen ? "chosen" : "");
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
