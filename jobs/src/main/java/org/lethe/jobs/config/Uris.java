package org.lethe.jobs.config;

import java.net.URI;
import java.nio.file.Path;

/** URIs of what users write: a URI, or a path on this machine. */
public final class Uris {
  private Uris() {}

  public static URI of(String text) {
    return text.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*")
        ? new org.apache.hadoop.fs.Path(text).toUri()
        : withoutSlash(Path.of(text).toAbsolutePath().normalize().toUri());
  }

  /** A directory that stands gets a slash at the end, one that does not stand none. */
  private static URI withoutSlash(URI uri) {
    String text = uri.toString();
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : uri;
  }
}
