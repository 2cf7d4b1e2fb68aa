package org.lethe.jobs.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.lethe.corpus.table.TableName;

/**
 * Turns what users write, a URI or a path on this machine, into a URI. Characters are literal, as
 * everywhere in Hadoop: {@code %20} is not a space.
 */
public final class Uris {
  /** A path may contain a colon, but a URI of a file system has a slash after it. */
  private static final Pattern URI_OF_FILE_SYSTEM = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/.*");

  private Uris() {}

  /** Returns the URI of a file or, opaque, of a table. */
  public static URI of(String text) {
    return TableName.find(text).map(TableName::uri).orElseGet(() -> ofFile(text));
  }

  private static URI ofFile(String text) {
    return URI_OF_FILE_SYSTEM.matcher(text).matches()
        ? new org.apache.hadoop.fs.Path(text).toUri()
        : withoutSlash(Path.of(text).toAbsolutePath().normalize().toUri());
  }

  /** Returns the same as text that Hadoop's Path takes. */
  public static String path(String text) {
    return new org.apache.hadoop.fs.Path(of(text)).toString();
  }

  /** Removes the slash that Java adds to the URI of an existing directory. */
  private static URI withoutSlash(URI uri) {
    String text = uri.toString();
    return text.endsWith("/") && text.length() > "file:///".length()
        ? URI.create(text.substring(0, text.length() - 1))
        : uri;
  }
}
