package org.lethe.report;

import java.util.Locale;

/** A drawing as an inline SVG element, written piece by piece. */
final class Svg {
  private final StringBuilder svg = new StringBuilder();

  /**
   * An element that goes on until {@link #end}.
   *
   * @param style its classes
   * @param width in its own units
   * @param title said to screen readers
   */
  Svg(String style, double width, double height, String title) {
    add(
        "<svg class=\"%s\" role=\"img\" viewBox=\"0 0 %.0f %.0f\" aria-label=\"%s\">",
        style, width, height, escaped(title));
  }

  /** What {@link #text} makes of it. */
  void add(String format, Object... values) {
    svg.append(text(format, values));
  }

  /** What stands at an axis, or in a legend. */
  void tick(double x, double y, String anchor, String label) {
    add(
        "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        x, y, anchor, label);
  }

  /** A straight line. */
  void line(String style, double x1, double x2, double y1, double y2) {
    add(
        "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
        style, x1, x2, y1, y2);
  }

  /** The whole element. */
  String end() {
    return svg + "</svg>";
  }

  /** Formatted with decimal points whatever the machine's language. */
  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** For text between tags and in attributes. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
