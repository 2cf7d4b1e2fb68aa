package org.lethe.report;

import java.util.Locale;
import java.util.Optional;
import org.lethe.run.ErasureRecord.Interval;

/**
 * One attack on a scale from 0 to 1, as inline SVG: a ring at the value before unlearning, a dot at
 * the value after it with its interval, and the interval of unseen rows as a band.
 *
 * @param before from 0 to 1
 * @param after from 0 to 1
 * @param interval of the value after
 * @param unseen interval of unseen rows before unlearning
 */
record AttackBar(
    double before, double after, Optional<Interval> interval, Optional<Interval> unseen) {
  private static final double WIDTH = 240;
  private static final double MARGIN = 6;
  private static final double LEAST_BAND = 2;

  String svg() {
    StringBuilder svg =
        new StringBuilder(
            "<svg class=\"dumbbell forget\" style=\"width: 15rem\" viewBox=\"0 0 240 14\""
                + " aria-hidden=\"true\">");
    unseen.ifPresent(
        band ->
            svg.append(
                String.format(
                    Locale.ROOT,
                    "<rect class=\"band\" x=\"%.1f\" width=\"%.1f\" y=\"0\" height=\"14\"/>",
                    place(band.low()),
                    Math.max(LEAST_BAND, place(band.high()) - place(band.low())))));
    svg.append(line("rail", 0, 1));
    interval.ifPresent(range -> svg.append(line("span", range.low(), range.high())));
    svg.append(circle("was", before, 3.5)).append(circle("is", after, 4.5));
    return svg.append("</svg>").toString();
  }

  private static String line(String style, double from, double to) {
    return String.format(
        Locale.ROOT,
        "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"7\" y2=\"7\"/>",
        style,
        place(from),
        place(to));
  }

  private static String circle(String style, double value, double radius) {
    return String.format(
        Locale.ROOT,
        "<circle class=\"%s\" cx=\"%.1f\" cy=\"7\" r=\"%.1f\"/>",
        style,
        place(value),
        radius);
  }

  private static double place(double share) {
    double held = Math.min(1, Math.max(0, share));
    return MARGIN + held * (WIDTH - 2 * MARGIN);
  }
}
