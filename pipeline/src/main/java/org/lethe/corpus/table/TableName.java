package org.lethe.corpus.table;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lethe.error.TableErrors;

/**
 * A table that a user names: {@code delta:URI}, {@code iceberg:catalog.namespace.table}, each with
 * {@code @vNUMBER} for one of its versions.
 *
 * @param format of the table
 * @param location URI or absolute path of a Delta table, identifier of an Iceberg table
 * @param version version or snapshot, or empty for the current one
 */
public record TableName(TableFormat format, String location, OptionalLong version) {
  private static final Pattern NAME = Pattern.compile("(delta|iceberg):(.+?)(?:@v([0-9]+))?");
  private static final Pattern URI_OF_FOLDER = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/.*");
  private static final Pattern IDENTIFIER = Pattern.compile("[\\w-]+([.][\\w-]+)+");

  /**
   * Returns the table that a text names; empty if it names a file.
   *
   * @throws org.lethe.error.LetheException USAGE if the text begins like a table and is none
   */
  public static Optional<TableName> find(String text) {
    Matcher name = NAME.matcher(text);
    if (!name.matches()) {
      return Optional.empty();
    }
    TableFormat format = TableFormat.named(name.group(1));
    String location =
        format == TableFormat.DELTA ? folder(name.group(2)) : identifier(name.group(2));
    return Optional.of(new TableName(format, location, version(text, name.group(3))));
  }

  /** Returns the table that a URI stands for; empty if it is that of a file. */
  public static Optional<TableName> of(URI uri) {
    return uri.getScheme() == null
        ? Optional.empty()
        : find(uri.getScheme() + ":" + uri.getSchemeSpecificPart());
  }

  private static String folder(String location) {
    return URI_OF_FOLDER.matcher(location).matches()
        ? location
        : Path.of(location).toAbsolutePath().normalize().toString();
  }

  private static String identifier(String location) {
    if (!IDENTIFIER.matcher(location).matches()) {
      throw TableErrors.invalidIdentifier(location);
    }
    return location;
  }

  private static OptionalLong version(String text, String digits) {
    try {
      return digits == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
    } catch (NumberFormatException e) {
      throw TableErrors.invalidVersion(text);
    }
  }

  /** Returns the same table at a version. */
  public TableName at(long other) {
    return new TableName(format, location, OptionalLong.of(other));
  }

  /** Returns the table without a version. */
  public TableName current() {
    return new TableName(format, location, OptionalLong.empty());
  }

  /** Returns the table as a URI. */
  public URI uri() {
    try {
      return new URI(format.word(), toString().substring(format.word().length() + 1), null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The name as the user writes it. */
  @Override
  public String toString() {
    return format.word() + ":" + location + (version.isPresent() ? "@v" + version.getAsLong() : "");
  }
}
