package org.lethe.text.jinja.runtime;

/**
 * Text marked as HTML by {@code safe} or {@code escape}. It can be printed and nothing else: Jinja
 * escapes whatever is joined with it.
 */
record Markup(String text) {
  static Markup escaped(String text) {
    return new Markup(
        text.replace("&", "&amp;")
            .replace(">", "&gt;")
            .replace("<", "&lt;")
            .replace("'", "&#39;")
            .replace("\"", "&#34;"));
  }
}
