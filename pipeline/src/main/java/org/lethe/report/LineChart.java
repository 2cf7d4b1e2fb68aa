package org.lethe.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A small line chart as inline SVG. Lines are labelled where they end instead of in a legend;
 * colours are classes, so that the page's style decides them for light and dark. Values that are
 * not finite, and on a logarithmic axis values that are not above zero, leave a gap.
 *
 * @param title said to screen readers
 * @param scale of the vertical axis
 * @param horizontal what the horizontal axis counts, such as round
 * @param series the lines, over the same points
 */
record LineChart(String title, Scale scale, String horizontal, List<Series> series) {
  private static final double WIDTH = 440;
  private static final double HEIGHT = 230;
  private static final double LEFT = 46;
  private static final double RIGHT = 66;
  private static final double TOP = 22;
  private static final double BOTTOM = 30;
  private static final double LABEL_GAP = 14;

  /** How the vertical axis runs. */
  enum Scale {
    LINEAR,
    LOGARITHMIC
  }

  /**
   * One line.
   *
   * @param label at its end
   * @param style class of its colour
   * @param x rising
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

  /** The SVG element; empty if there is no value to draw. */
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
    StringBuilder svg = new StringBuilder();
    svg.append("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 440 230\" aria-label=\"")
        .append(escaped(title))
        .append("\">");
    drawGrid(svg, vertical, firstRound, lastRound);
    List<Label> labels = new ArrayList<>();
    for (Series one : series) {
      drawLine(svg, one, vertical, firstRound, lastRound, labels);
    }
    drawLabels(svg, labels);
    return svg.append("</svg>").toString();
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

  private void drawGrid(StringBuilder svg, Axis vertical, double first, double last) {
    int power = vertical.power();
    double unit = Math.pow(10, power);
    for (double tick : vertical.ticks()) {
      double y = y(vertical.place(tick));
      svg.append(
          text(
              "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
              tick == 0 ? "zero" : "grid", LEFT, WIDTH - RIGHT, y, y));
      svg.append(
          text(
              "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT - 8, y + 4, Axis.label(tick / unit)));
    }
    if (power != 0) {
      svg.append(
          text(
              "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"start\">× %s</text>",
              LEFT - 22, TOP - 12, Axis.label(unit)));
    }
    for (double round : rounds(first, last)) {
      svg.append(
          text(
              "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>",
              x(round, first, last), HEIGHT - BOTTOM + 18, Axis.label(round)));
    }
    svg.append(
        text(
            "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"start\">%s</text>",
            WIDTH - RIGHT + 12, HEIGHT - BOTTOM + 18, horizontal));
  }

  /** The first and the last round, and round numbers well between them. */
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
      StringBuilder svg, Series one, Axis vertical, double first, double last, List<Label> labels) {
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
      path.append(text("%s%.1f %.1f", pen ? "L" : "M", x, y));
      points.append(
          text(
              "<circle class=\"point %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"7\"><title>round %.0f, %s:"
                  + " %.4g</title></circle>",
              one.style(), x, y, one.x()[i], escaped(one.label()), one.y()[i]));
      pen = true;
      end = y;
      if (i == one.x().length - 1) {
        points.append(
            text("<circle class=\"end %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", one.style(), x, y));
      }
    }
    svg.append("<path class=\"line ").append(one.style()).append("\" d=\"");
    svg.append(path).append("\"/>").append(points);
    if (!Double.isNaN(end)) {
      labels.add(new Label(one.label(), one.style(), end));
    }
  }

  /** Labels at the ends of lines, pushed apart where they would touch. */
  private static void drawLabels(StringBuilder svg, List<Label> labels) {
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
      svg.append(
          text(
              "<text class=\"label %s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
              sorted.get(i).style(),
              WIDTH - RIGHT + 8,
              Math.min(Math.max(places[i], TOP + 4), HEIGHT - BOTTOM) + 4,
              escaped(sorted.get(i).text())));
    }
  }

  private static double x(double round, double first, double last) {
    double share = last > first ? (round - first) / (last - first) : 0.5;
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double share) {
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
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
