package org.lethe.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Forgetting against utility as inline SVG: one numbered mark for each model, with the Pareto front
 * ringed and joined. The axes begin slightly below the smallest value, because good methods differ
 * little. Values far above 1 are drawn at the edge.
 *
 * @param title text for screen readers
 * @param marks the models
 */
record ScatterChart(String title, List<Mark> marks) {
  private static final double WIDTH = 620;
  private static final double HEIGHT = 420;
  private static final double LEFT = 56;
  private static final double RIGHT = 24;
  private static final double TOP = 20;
  private static final double BOTTOM = 46;

  /** The range and the steps of an axis. */
  private record Axis(double least, double most, double step) {
    static Axis of(DoubleStream values) {
      double smallest = Math.min(1, values.min().orElse(0));
      double least = Math.max(0, Math.floor((smallest - 0.02) * 10) / 10);
      double range = 1 - least;
      return new Axis(least, 1 + range / 10, range <= 0.25 ? 0.05 : range <= 0.55 ? 0.1 : 0.2);
    }

    /** Returns the position of a value, from 0 at the least to 1 at the most. */
    double share(double value) {
      return (Math.min(most, Math.max(least, value)) - least) / (most - least);
    }

    /** Values with a grid line; 1 is one of them. */
    List<Double> ticks() {
      return IntStream.iterate(0, i -> 1 - i * step > least - step / 2, i -> i + 1)
          .mapToObj(i -> 1 - i * step)
          .toList();
    }

    String label(double tick) {
      return Svg.text(step < 0.1 ? "%.2f" : "%.1f", Math.abs(tick));
    }
  }

  /**
   * One model.
   *
   * @param name text of the tooltip
   * @param number number of its method, from 1
   * @param forgetting 0 to 1, to the right
   * @param utility relative to the target's, upwards
   * @param front whether the model is on the Pareto front
   */
  record Mark(String name, int number, double forgetting, double utility, boolean front) {}

  ScatterChart {
    marks = List.copyOf(marks);
  }

  String svg() {
    Svg svg = new Svg("scatter", WIDTH, HEIGHT, title);
    Axis across = across();
    for (double tick : across.ticks()) {
      svg.line("grid", x(tick), x(tick), TOP, HEIGHT - BOTTOM);
      svg.tick(x(tick), HEIGHT - BOTTOM + 18, "middle", across.label(tick));
    }
    Axis up = up();
    for (double tick : up.ticks()) {
      svg.line("grid", LEFT, WIDTH - RIGHT, y(tick), y(tick));
      svg.tick(LEFT - 8, y(tick) + 4, "end", up.label(tick));
    }
    svg.add(
        "<text class=\"axis\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">forgetting (1: as"
            + " retrained) →</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8);
    svg.add(
        "<text class=\"axis\" transform=\"translate(14 %.1f) rotate(-90)\""
            + " text-anchor=\"middle\">utility, relative to the target →</text>",
        (TOP + HEIGHT - BOTTOM) / 2);
    StringBuilder path = new StringBuilder();
    marks.stream()
        .filter(Mark::front)
        .sorted(Comparator.comparingDouble(Mark::forgetting).thenComparing(Mark::utility))
        .forEach(
            mark ->
                path.append(
                    Svg.text(
                        "%s%.1f %.1f",
                        path.isEmpty() ? "M" : "L", x(mark.forgetting()), y(mark.utility()))));
    svg.add("<path class=\"front\" d=\"%s\"/>", path);
    marks.forEach(mark -> draw(svg, mark));
    return svg.end();
  }

  private void draw(Svg svg, Mark mark) {
    double x = x(mark.forgetting());
    double y = y(mark.utility());
    svg.add(
        "<g class=\"mark m%d%s\"><circle cx=\"%.1f\" cy=\"%.1f\" r=\"8\"/><text x=\"%.1f\""
            + " y=\"%.1f\" text-anchor=\"middle\">%d</text><title>%s: forgetting %.3f, utility"
            + " %.3f</title></g>",
        (mark.number() - 1) % 12 + 1,
        mark.front() ? " on-front" : "",
        x,
        y,
        x,
        y + 3.5,
        mark.number(),
        Svg.escaped(mark.name()),
        mark.forgetting(),
        mark.utility());
  }

  private Axis across() {
    return Axis.of(marks.stream().mapToDouble(Mark::forgetting));
  }

  private Axis up() {
    return Axis.of(marks.stream().mapToDouble(Mark::utility));
  }

  private double x(double value) {
    return LEFT + across().share(value) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - up().share(value) * (HEIGHT - TOP - BOTTOM);
  }
}
