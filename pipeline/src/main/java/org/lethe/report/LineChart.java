package org.lethe.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A small line chart as inline SVG. Labels are at the ends of the lines instead of in a legend.
 * Colours are classes, so the page's style decides them for light and dark. Non-finite values, and
 * on a logarithmic axis values that are not above zero, leave a gap.
 *
 * @param title text for screen readers
 * @param scale scale of the vertical axis
 * @param horizontal unit of the horizontal axis, such as round
 * @param series the lines, over the same points
 */
record LineChart(String title, Scale scale, String horizontal, List<Series> series) {
  private static final double WIDTH = 440;
  private static final double HEIGHT = 230;
  private static final double LEFT = 46;
  private static final double LEAST_RIGHT = 66;
  private static final double TOP = 22;
  private static final double BOTTOM = 30;
  private static final double LABEL_GAP = 14;

  /** Width of a label's letter, rather too large than too small. */
  private static final double LETTER = 7.5;

  /** Scale of the vertical axis. */
  enum Scale {
    LINEAR,
    LOGARITHMIC
  }

  /**
   * One line.
   *
   * @param label text at its end
   * @param style class of its colour
   * @param x rising values
   * @param y values
   */
  record Series(String label, String style, double[] x, double[] y) {
    Series {
      if (x.length != y.length) {
        throw new IllegalArgumentException("Invalid series: " + label);
      }
    }
  }

  private record Label(String text, String style, double y) {}

  LineChart {
    series = List.copyOf(series);
  }

  /** Returns the SVG element, or an empty text if there is no value to draw. */
  String svg() {
    double[] range = range();
    if (range[0] > range[1]) {
      return "";
    }
    Axis vertical =
        scale == Scale.LOGARITHMIC
            ? Axis.logarithmic(range[0], range[1])
            : Axis.linear(range[0], range[1], 4);
    double firstRound = series.stream().mapToDouble(s -> s.x()[0]).min().orElse(0);
    double lastRound = series.stream().mapToDouble(s -> s.x()[s.x().length - 1]).max().orElse(1);
    Svg svg = new Svg("chart", WIDTH, HEIGHT, title);
    drawGrid(svg, vertical, firstRound, lastRound);
    List<Label> labels = new ArrayList<>();
    for (Series one : series) {
      drawLine(svg, one, vertical, firstRound, lastRound, labels);
    }
    drawLabels(svg, labels);
    return svg.end();
  }

  /** Returns the width for the labels at the ends of the lines. */
  private double right() {
    int longest = series.stream().mapToInt(one -> one.label().length()).max().orElse(0);
    return Math.max(LEAST_RIGHT, 12 + LETTER * longest);
  }

  private double[] range() {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (Series one : series) {
      for (double value : one.y()) {
        if (isDrawn(value)) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
    }
    return new double[] {least, most};
  }

  private boolean isDrawn(double value) {
    return Double.isFinite(value) && (scale == Scale.LINEAR || value > 0);
  }

  private void drawGrid(Svg svg, Axis vertical, double first, double last) {
    int power = vertical.power();
    double unit = Math.pow(10, power);
    for (double tick : vertical.ticks()) {
      double y = y(vertical.place(tick));
      svg.line(tick == 0 ? "zero" : "grid", LEFT, WIDTH - right(), y, y);
      svg.tick(LEFT - 8, y + 4, "end", Axis.label(tick / unit));
    }
    if (power != 0) {
      svg.tick(LEFT - 22, TOP - 12, "start", "× " + Axis.label(unit));
    }
    for (double round : rounds(first, last)) {
      svg.tick(x(round, first, last), HEIGHT - BOTTOM + 18, "middle", Axis.label(round));
    }
    svg.tick(WIDTH - right() + 12, HEIGHT - BOTTOM + 18, "start", horizontal);
  }

  /** Returns the first and the last round, and round numbers between them. */
  private static List<Double> rounds(double first, double last) {
    List<Double> rounds = new ArrayList<>();
    rounds.add(first);
    double least = Math.max(1, (last - first) / 9);
    for (double tick : Axis.linear(first, last, 5).ticks()) {
      if (tick == Math.rint(tick) && tick - first >= least && last - tick >= least) {
        rounds.add(tick);
      }
    }
    if (last > first) {
      rounds.add(last);
    }
    return rounds;
  }

  private void drawLine(
      Svg svg, Series one, Axis vertical, double first, double last, List<Label> labels) {
    StringBuilder path = new StringBuilder();
    StringBuilder points = new StringBuilder();
    boolean pen = false;
    double end = Double.NaN;
    for (int i = 0; i < one.x().length; i++) {
      if (!isDrawn(one.y()[i])) {
        pen = false;
        continue;
      }
      double x = x(one.x()[i], first, last);
      double y = y(vertical.place(one.y()[i]));
      path.append(Svg.text("%s%.1f %.1f", pen ? "L" : "M", x, y));
      points.append(
          Svg.text(
              "<circle class=\"point %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"7\"><title>%s %.0f, %s:"
                  + " %.4g</title></circle>",
              one.style(), x, y, horizontal, one.x()[i], Svg.escaped(one.label()), one.y()[i]));
      pen = true;
      end = y;
      if (i == one.x().length - 1) {
        points.append(
            Svg.text(
                "<circle class=\"end %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", one.style(), x, y));
      }
    }
    svg.add("<path class=\"line %s\" d=\"%s\"/>%s", one.style(), path, points);
    if (!Double.isNaN(end)) {
      labels.add(new Label(one.label(), one.style(), end));
    }
  }

  /** Draws labels at the ends of lines, moved apart if they would touch. */
  private void drawLabels(Svg svg, List<Label> labels) {
    List<Label> sorted = new ArrayList<>(labels);
    sorted.sort(Comparator.comparingDouble(Label::y));
    double[] places = sorted.stream().mapToDouble(Label::y).toArray();
    for (int i = 1; i < places.length; i++) {
      double overlap = places[i - 1] + LABEL_GAP - places[i];
      if (overlap > 0) {
        places[i - 1] -= overlap / 2;
        places[i] += overlap / 2;
      }
    }
    for (int i = 0; i < places.length; i++) {
      svg.add(
          "<text class=\"label %s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
          sorted.get(i).style(),
          WIDTH - right() + 8,
          Math.min(Math.max(places[i], TOP + 4), HEIGHT - BOTTOM) + 4,
          Svg.escaped(sorted.get(i).text()));
    }
  }

  private double x(double round, double first, double last) {
    double share = last > first ? (round - first) / (last - first) : 0.5;
    return LEFT + share * (WIDTH - LEFT - right());
  }

  private static double y(double share) {
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }
}
