package org.lethe.jobs.config;

import java.net.URI;
import java.nio.file.Path;

/** Turns what users write, a URI or a path on this machine, into a URI. */
public final class Uris {
  private Uris() {}

  public static URI of(String text) {
    return text.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*")
        ? new org.apache.hadoop.fs.Path(text).toUri()
        : withoutSlash(Path.of(text).toAbsolutePath().normalize().toUri());
  }

  /** Removes the slash that Java adds to the URI of an existing directory. */
  private static URI withoutSlash(URI uri) {
    String text = uri.toString();
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : uri;
  }
}
