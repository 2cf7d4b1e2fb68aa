package org.lethe.report;

import java.util.List;

/**
 * Candidates of a tuning as inline SVG: the forget figure to the right, the rise of the retain loss
 * upwards, and the level of unseen rows as a shaded band.
 *
 * @param figure name of the forget figure
 * @param low lower bound of the band
 * @param high upper bound of the band
 * @param before the forget figure of the initial model
 * @param marks the candidates
 */
record TuningChart(String figure, double low, double high, double before, List<Mark> marks) {
  private static final double WIDTH = 620;
  private static final double HEIGHT = 380;
  private static final double LEFT = 62;
  private static final double RIGHT = 24;
  private static final double TOP = 20;
  private static final double BOTTOM = 46;

  /**
   * One candidate.
   *
   * @param name text of the tooltip
   * @param number its row in the table, from 1
   * @param style class of its colour
   * @param forget the forget figure
   * @param rise rise of the retain loss
   */
  record Mark(String name, int number, String style, double forget, double rise) {}

  TuningChart {
    marks = List.copyOf(marks);
  }

  String svg() {
    Axis across =
        Axis.linear(Math.min(0, Math.min(low, least(true))), Math.max(before, most(true)), 8);
    Axis up = Axis.linear(Math.min(0, least(false)), Math.max(1e-3, most(false)), 6);
    Svg svg = new Svg("scatter", WIDTH, HEIGHT, "candidates, " + figure + " and retain loss");
    svg.add(
        "<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
        x(across, low), TOP, Math.max(1, x(across, high) - x(across, low)), HEIGHT - TOP - BOTTOM);
    for (double tick : across.ticks()) {
      svg.line("grid", x(across, tick), x(across, tick), TOP, HEIGHT - BOTTOM);
      svg.tick(x(across, tick), HEIGHT - BOTTOM + 18, "middle", Svg.text("%.3g", tick));
    }
    for (double tick : up.ticks()) {
      svg.line("grid", LEFT, WIDTH - RIGHT, y(up, tick), y(up, tick));
      svg.tick(LEFT - 8, y(up, tick) + 4, "end", Svg.text("%.3g", tick));
    }
    svg.line("front", x(across, before), x(across, before), TOP, HEIGHT - BOTTOM);
    svg.add(
        "<text class=\"axis\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s of the forget rows"
            + " (shaded: unseen rows; dashed: before)</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, Svg.escaped(figure));
    svg.add(
        "<text class=\"axis\" transform=\"translate(14 %.1f) rotate(-90)\""
            + " text-anchor=\"middle\">rise of the retain loss, nats per token</text>",
        (TOP + HEIGHT - BOTTOM) / 2);
    marks.forEach(mark -> draw(svg, mark, x(across, mark.forget()), y(up, mark.rise())));
    return svg.end();
  }

  private static void draw(Svg svg, Mark mark, double x, double y) {
    svg.add(
        "<g class=\"mark %s\"><circle cx=\"%.1f\" cy=\"%.1f\" r=\"8\"/><text x=\"%.1f\""
            + " y=\"%.1f\" text-anchor=\"middle\">%d</text><title>%s: %.3f, retain loss"
            + " %+.4f</title></g>",
        mark.style(),
        x,
        y,
        x,
        y + 3.5,
        mark.number(),
        Svg.escaped(mark.name()),
        mark.forget(),
        mark.rise());
  }

  private double least(boolean forget) {
    return marks.stream().mapToDouble(m -> forget ? m.forget() : m.rise()).min().orElse(0);
  }

  private double most(boolean forget) {
    return marks.stream().mapToDouble(m -> forget ? m.forget() : m.rise()).max().orElse(1);
  }

  private static double x(Axis across, double value) {
    return LEFT + across.place(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Axis up, double value) {
    return HEIGHT - BOTTOM - up.place(value) * (HEIGHT - TOP - BOTTOM);
  }
}
