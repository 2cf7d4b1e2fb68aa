package org.lethe.report;

import java.util.Locale;

/** Builds an inline SVG element. */
final class Svg {
  private final StringBuilder svg = new StringBuilder();

  /**
   * Opens the element; {@link #end} closes it.
   *
   * @param style its classes
   * @param width width in the element's units
   * @param title text for screen readers
   */
  Svg(String style, double width, double height, String title) {
    add(
        "<svg class=\"%s\" role=\"img\" viewBox=\"0 0 %.0f %.0f\" aria-label=\"%s\">",
        style, width, height, escaped(title));
  }

  /** Appends formatted text, see {@link #text}. */
  void add(String format, Object... values) {
    svg.append(text(format, values));
  }

  /** Appends a label of an axis or legend. */
  void tick(double x, double y, String anchor, String label) {
    add(
        "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        x, y, anchor, label);
  }

  /** Appends a straight line. */
  void line(String style, double x1, double x2, double y1, double y2) {
    add(
        "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
        style, x1, x2, y1, y2);
  }

  /** Returns the whole element. */
  String end() {
    return svg + "</svg>";
  }

  /** Formats with decimal points, independent of the machine's language. */
  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Escapes text for use between tags and in attributes. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
