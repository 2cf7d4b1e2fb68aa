package org.lethe.report;

import java.util.Locale;

/**
 * Before and after on a scale from 0 to 1, as inline SVG: a ring at the value before, a dot at the
 * value after, and a bar between them.
 *
 * @param before from 0 to 1
 * @param after from 0 to 1
 * @param style class of the colour
 */
record Dumbbell(double before, double after, String style) {
  private static final double WIDTH = 120;
  private static final double MARGIN = 6;

  String svg() {
    double from = place(before);
    double to = place(after);
    return String.format(
        Locale.ROOT,
        "<svg class=\"dumbbell %s\" viewBox=\"0 0 120 14\" aria-hidden=\"true\">"
            + "<line class=\"rail\" x1=\"%.1f\" x2=\"%.1f\" y1=\"7\" y2=\"7\"/>"
            + "<line class=\"span\" x1=\"%.1f\" x2=\"%.1f\" y1=\"7\" y2=\"7\"/>"
            + "<circle class=\"was\" cx=\"%.1f\" cy=\"7\" r=\"3.5\"/>"
            + "<circle class=\"is\" cx=\"%.1f\" cy=\"7\" r=\"4.5\"/></svg>",
        style,
        MARGIN,
        WIDTH - MARGIN,
        from,
        to,
        from,
        to);
  }

  private static double place(double share) {
    double held = Math.min(1, Math.max(0, share));
    return MARGIN + held * (WIDTH - 2 * MARGIN);
  }
}
