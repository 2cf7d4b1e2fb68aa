package org.lethe.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Forgetting against utility as inline SVG: one numbered mark for each model, the Pareto front
 * ringed and joined. Values above 1 are drawn at the edge.
 *
 * @param title said to screen readers
 * @param marks the models
 */
record ScatterChart(String title, List<Mark> marks) {
  private static final double WIDTH = 620;
  private static final double HEIGHT = 420;
  private static final double LEFT = 56;
  private static final double RIGHT = 24;
  private static final double TOP = 20;
  private static final double BOTTOM = 46;
  private static final double MOST = 1.1;

  /**
   * One model.
   *
   * @param name for the tooltip
   * @param number its method's, from 1
   * @param forgetting 0 to 1, to the right
   * @param utility by the target's, upwards
   * @param front whether it is on the Pareto front
   */
  record Mark(String name, int number, double forgetting, double utility, boolean front) {}

  ScatterChart {
    marks = List.copyOf(marks);
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        text(
            "<svg class=\"scatter\" role=\"img\" viewBox=\"0 0 %.0f %.0f\" aria-label=\"%s\">",
            WIDTH, HEIGHT, escaped(title)));
    for (int i = 0; i <= 5; i++) {
      double value = i / 5.0;
      svg.append(
          text(
              "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT, WIDTH - RIGHT, y(value), y(value)));
      svg.append(
          text(
              "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
              x(value), x(value), TOP, HEIGHT - BOTTOM));
      svg.append(
          text(
              "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%.1f</text>",
              LEFT - 8, y(value) + 4, value));
      svg.append(
          text(
              "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%.1f</text>",
              x(value), HEIGHT - BOTTOM + 18, value));
    }
    svg.append(
        text(
            "<text class=\"axis\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">forgetting: 1 as"
                + " retrained →</text>",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8));
    svg.append(
        text(
            "<text class=\"axis\" transform=\"translate(14 %.1f) rotate(-90)\""
                + " text-anchor=\"middle\">utility by the target's →</text>",
            (TOP + HEIGHT - BOTTOM) / 2));
    StringBuilder path = new StringBuilder();
    marks.stream()
        .filter(Mark::front)
        .sorted(Comparator.comparingDouble(Mark::forgetting).thenComparing(Mark::utility))
        .forEach(
            mark ->
                path.append(
                    text(
                        "%s%.1f %.1f",
                        path.isEmpty() ? "M" : "L", x(mark.forgetting()), y(mark.utility()))));
    svg.append("<path class=\"front\" d=\"").append(path).append("\"/>");
    marks.forEach(mark -> svg.append(drawn(mark)));
    return svg.append("</svg>").toString();
  }

  private static String drawn(Mark mark) {
    double x = x(mark.forgetting());
    double y = y(mark.utility());
    return text(
        "<g class=\"mark m%d%s\"><circle cx=\"%.1f\" cy=\"%.1f\" r=\"9\"/><text x=\"%.1f\" y=\"%.1f\""
            + " text-anchor=\"middle\">%d</text><title>%s: forgetting %.3f, utility"
            + " %.3f</title></g>",
        (mark.number() - 1) % 12 + 1,
        mark.front() ? " on-front" : "",
        x,
        y,
        x,
        y + 3.5,
        mark.number(),
        escaped(mark.name()),
        mark.forgetting(),
        mark.utility());
  }

  private static double x(double value) {
    return LEFT + held(value) / MOST * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double value) {
    return HEIGHT - BOTTOM - held(value) / MOST * (HEIGHT - TOP - BOTTOM);
  }

  private static double held(double value) {
    return Math.min(MOST, Math.max(0, value));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
