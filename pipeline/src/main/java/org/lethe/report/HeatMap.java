package org.lethe.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A heat map of layers by rounds, as inline SVG. The opacity of a cell shows its value, so one
 * drawing fits a light and a dark page; colours are classes. If there are many rounds, several
 * share a column, which shows their mean. Non-finite values, and on a logarithmic scale values that
 * are not above zero, leave the cell empty.
 *
 * @param title text for screen readers
 * @param shading meaning of the opacity
 * @param width width in the drawing's units; text is 11 units high
 * @param rows names from top to bottom
 * @param firstRound number of the first round
 * @param values one array per row, one value per round
 */
record HeatMap(
    String title,
    Shading shading,
    int width,
    List<String> rows,
    int firstRound,
    List<double[]> values) {
  private static final int LEFT = 88;
  private static final int RIGHT = 12;
  private static final int TOP = 6;
  private static final int BOTTOM = 52;
  private static final int COLUMN = 6;
  private static final int TEXT = 12;

  /**
   * Above this number of cells, cells have no tooltip, because the page would grow by megabytes.
   */
  private static final int TITLES = 2000;

  private static final double FAINTEST = 0.06;

  /** The scale from values to colours. */
  enum Shading {
    /** Powers of ten from the smallest to the largest value, in the forget colour. */
    FORGET_NORM,
    /** Powers of ten from the smallest to the largest value, in the retain colour. */
    RETAIN_NORM,
    /** From -1 to 1, in the forget colour below zero and in the retain colour above. */
    COSINE
  }

  HeatMap {
    rows = List.copyOf(rows);
    values = List.copyOf(values);
    if (rows.size() != values.size()) {
      throw new IllegalArgumentException("Invalid heat map: " + rows.size() + " rows");
    }
  }

  /** Returns the SVG element, or an empty text if there is no value to draw. */
  String svg() {
    List<double[]> cells = binned();
    Range range = range(cells);
    if (range.isEmpty()) {
      return "";
    }
    double rowHeight = Math.max(5, Math.min(16, 190.0 / rows.size()));
    double height = TOP + rowHeight * rows.size() + BOTTOM;
    Svg svg = new Svg("chart heat", width, height, title);
    svg.add(
        "<rect class=\"empty\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%.1f\"/>",
        LEFT, TOP, width - LEFT - RIGHT, rowHeight * rows.size());
    drawCells(svg, cells, range, rowHeight);
    drawNames(svg, rowHeight);
    drawRounds(svg, TOP + rowHeight * rows.size() + 15);
    drawLegend(svg, range, height - 14);
    return svg.end();
  }

  private int rounds() {
    return values.get(0).length;
  }

  private List<double[]> binned() {
    if (values.isEmpty()) {
      return List.of();
    }
    int columns = Math.min(rounds(), (width - LEFT - RIGHT) / COLUMN);
    List<double[]> cells = new ArrayList<>();
    for (double[] row : values) {
      double[] bins = new double[columns];
      for (int c = 0; c < columns; c++) {
        bins[c] = mean(row, firstOf(c, columns), firstOf(c + 1, columns));
      }
      cells.add(bins);
    }
    return cells;
  }

  private int firstOf(int column, int columns) {
    return (int) ((long) column * rounds() / columns);
  }

  private double mean(double[] row, int from, int to) {
    double sum = 0;
    int count = 0;
    for (int i = from; i < to; i++) {
      if (isDrawn(row[i])) {
        sum += row[i];
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  private boolean isDrawn(double value) {
    return Double.isFinite(value) && (shading == Shading.COSINE || value > 0);
  }

  /** The values of the faintest and of the fullest cell. */
  private record Range(double least, double most) {
    boolean isEmpty() {
      return least > most;
    }
  }

  private Range range(List<double[]> cells) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double[] row : cells) {
      for (double value : row) {
        if (isDrawn(value)) {
          double size = shading == Shading.COSINE ? Math.abs(value) : value;
          least = Math.min(least, size);
          most = Math.max(most, size);
        }
      }
    }
    if (shading != Shading.COSINE || least > most) {
      return new Range(least, most);
    }
    // Cosines of large models are small, so the scale ends at the next round number.
    double end = 1;
    for (double smaller : new double[] {0.5, 0.2, 0.1, 0.05}) {
      end = most <= smaller ? smaller : end;
    }
    return new Range(0, end);
  }

  private double opacity(double value, Range range) {
    double share =
        shading == Shading.COSINE
            ? Math.abs(value) / range.most()
            : range.most() > range.least()
                ? Math.log(value / range.least()) / Math.log(range.most() / range.least())
                : 1;
    return FAINTEST + (1 - FAINTEST) * Math.min(1, share);
  }

  private String style(double value) {
    return switch (shading) {
      case FORGET_NORM -> "forget";
      case RETAIN_NORM -> "retain";
      case COSINE -> value < 0 ? "forget" : "retain";
    };
  }

  private void drawCells(Svg svg, List<double[]> cells, Range range, double rowHeight) {
    int columns = cells.get(0).length;
    double columnWidth = (double) (width - LEFT - RIGHT) / columns;
    boolean titles = columns * rows.size() <= TITLES;
    for (int r = 0; r < cells.size(); r++) {
      svg.add("<g transform=\"translate(%d %.1f)\">", LEFT, TOP + r * rowHeight);
      for (int c = 0; c < columns; c++) {
        double value = cells.get(r)[c];
        if (!isDrawn(value)) {
          continue;
        }
        // A little wider than its column, because gaps between adjacent edges would be visible.
        svg.add(
            "<rect class=\"cell %s\" x=\"%.2f\" width=\"%.2f\" height=\"%.1f\""
                + " fill-opacity=\"%.2f\"",
            style(value),
            c * columnWidth,
            columnWidth + (c + 1 < columns ? 0.02 : 0),
            rowHeight - 1,
            opacity(value, range));
        if (titles) {
          svg.add("><title>%s: %.3g</title></rect>", cellName(r, c, columns), value);
        } else {
          svg.add("/>");
        }
      }
      svg.add("</g>");
    }
  }

  private String cellName(int row, int column, int columns) {
    int from = firstRound + firstOf(column, columns);
    int to = firstRound + firstOf(column + 1, columns) - 1;
    String when = from == to ? "round " + from : "rounds " + from + " to " + to;
    return Svg.escaped(rows.get(row)) + ", " + when;
  }

  /** Draws as many names as fit, always including the first and the last. */
  private void drawNames(Svg svg, double rowHeight) {
    int stride = (int) Math.ceil(TEXT / rowHeight);
    int last = rows.size() - 1;
    for (int r = 0; r <= last; r++) {
      if (r == last || (r % stride == 0 && last - r >= stride)) {
        svg.tick(LEFT - 8, TOP + (r + 0.5) * rowHeight + 3.5, "end", Svg.escaped(rows.get(r)));
      }
    }
  }

  private void drawRounds(Svg svg, double y) {
    int last = firstRound + rounds() - 1;
    svg.tick(LEFT, y, "start", "round " + firstRound);
    if (last > firstRound) {
      svg.tick(width - RIGHT, y, "end", String.valueOf(last));
    }
  }

  private void drawLegend(Svg svg, Range range, double y) {
    int steps = 24;
    double step = 120.0 / steps;
    boolean cosine = shading == Shading.COSINE;
    double from = LEFT + (cosine ? 62 : 40);
    for (int i = 0; i < steps; i++) {
      double share = (i + 0.5) / steps;
      double value =
          cosine
              ? (2 * share - 1) * range.most()
              : range.least() * Math.pow(range.most() / range.least(), share);
      svg.add(
          "<rect class=\"cell %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"8\""
              + " fill-opacity=\"%.2f\"/>",
          style(value), from + i * step, y, step + 0.02, opacity(value, range));
    }
    String least = cosine ? "conflict " + Axis.label(-range.most()) : short2(range.least());
    String most = cosine ? Axis.label(range.most()) + " agreement" : short2(range.most());
    svg.tick(from - 7, y + 8, "end", least);
    svg.tick(from + 127, y + 8, "start", most);
  }

  private static String short2(double value) {
    double unit = Math.pow(10, Math.floor(Math.log10(value)) - 1);
    return Axis.label(Math.round(value / unit) * unit);
  }
}
