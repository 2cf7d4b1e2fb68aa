package org.lethe.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A file system in memory with the semantics of one kind of store. A clock that tests move gives
 * the times of its files.
 */
public final class MemoryFileSystem extends FileSystem {
  /** What stores disagree about. */
  public enum Trait {
    /** A rename onto an existing file throws FileAlreadyExistsException; otherwise it is false. */
    RENAME_THROWS,
    /** A file appears when its stream is closed; otherwise when it is created. */
    VISIBLE_WHEN_CLOSED,
    /** A stream can be aborted, and the file system says so. */
    ABORTABLE,
    /** A write can depend on the version of the existing file. */
    CONDITIONAL
  }

  /** Semantics of S3A from Hadoop 3.4.2 on. */
  public static final Set<Trait> S3A =
      EnumSet.of(
          Trait.RENAME_THROWS, Trait.VISIBLE_WHEN_CLOSED, Trait.ABORTABLE, Trait.CONDITIONAL);

  /** Semantics of an older S3A: an exclusive create checks first and writes when it is closed. */
  public static final Set<Trait> OLD_S3A =
      EnumSet.of(Trait.RENAME_THROWS, Trait.VISIBLE_WHEN_CLOSED, Trait.ABORTABLE);

  /** Semantics of Google's connector: what closes a stream publishes it. */
  public static final Set<Trait> GCS = EnumSet.of(Trait.RENAME_THROWS, Trait.VISIBLE_WHEN_CLOSED);

  /** Semantics of HDFS. */
  public static final Set<Trait> HDFS = EnumSet.noneOf(Trait.class);

  /** A store that refuses by an exception and has no other virtues. */
  public static final Set<Trait> STRICT = EnumSet.of(Trait.RENAME_THROWS);

  private record Entry(byte[] bytes, Instant written, long version) {}

  private final String scheme;
  private final Set<Trait> traits;
  private final Map<String, Entry> files = new TreeMap<>();
  private final Set<String> folders = new TreeSet<>(Set.of("/"));
  private final List<String> renamed = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long versions;

  public MemoryFileSystem(Set<Trait> traits) {
    this("memory", traits);
  }

  /** A store whose URIs have a scheme that Lethe knows. */
  public MemoryFileSystem(String scheme, Set<Trait> traits) {
    this.scheme = scheme;
    this.traits = traits;
    setConf(new Configuration(false));
  }

  /** Moves the store's clock. */
  public void advance(Duration duration) {
    now = now.plus(duration);
  }

  /** Names of the files that were renamed, which an object store copies. */
  public List<String> renamed() {
    return renamed;
  }

  /** Paths of all files. */
  public Set<String> paths() {
    return files.keySet();
  }

  public String text(String path) {
    return new String(files.get(path).bytes(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private boolean is(Trait trait) {
    return traits.contains(trait);
  }

  @Override
  public URI getUri() {
    return URI.create(scheme + "://store");
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) {
    return switch (capability) {
      case "fs.capability.outputstream.abortable" -> is(Trait.ABORTABLE);
      case "fs.option.create.conditional.overwrite",
          "fs.option.create.conditional.overwrite.etag" ->
          is(Trait.CONDITIONAL);
      default -> false;
    };
  }

  private void put(String key, byte[] bytes) {
    files.put(key, new Entry(bytes, now, ++versions));
    for (Path parent = new Path(key).getParent(); parent != null; parent = parent.getParent()) {
      folders.add(parent.toUri().getPath());
    }
  }

  private static String key(Path path) {
    return path.toUri().getPath();
  }

  @Override
  public FSDataInputStream open(Path path, int buffer) throws IOException {
    Entry entry = files.get(key(path));
    if (entry == null) {
      throw new FileNotFoundException(path.toString());
    }
    return new FSDataInputStream(new Input(entry.bytes()));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (!overwrite && files.containsKey(key(path))) {
      throw new FileAlreadyExistsException(path.toString());
    }
    return stream(new Output(key(path), "", false));
  }

  @Override
  public FSDataOutputStreamBuilder<?, ?> createFile(Path path) {
    return new Builder(this, path);
  }

  private FSDataOutputStream stream(Output out) throws IOException {
    if (!is(Trait.VISIBLE_WHEN_CLOSED)) {
      put(out.key, new byte[0]);
    }
    return new FSDataOutputStream(out, null);
  }

  @Override
  public FSDataOutputStream append(Path path, int buffer, Progressable progress) {
    throw new UnsupportedOperationException("append");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    String source = key(from);
    String target = key(to);
    boolean folder = folders.contains(source);
    if (!folder && !files.containsKey(source)) {
      if (is(Trait.RENAME_THROWS)) {
        throw new FileNotFoundException(source);
      }
      return false;
    }
    if (files.containsKey(target) || (is(Trait.RENAME_THROWS) && folders.contains(target))) {
      if (is(Trait.RENAME_THROWS)) {
        throw new FileAlreadyExistsException(target);
      }
      return false;
    }
    String goal = folders.contains(target) ? target + "/" + from.getName() : target;
    for (String name : List.copyOf(files.keySet())) {
      if (name.equals(source) || name.startsWith(source + "/")) {
        renamed.add(name);
        put(goal + name.substring(source.length()), files.remove(name).bytes());
      }
    }
    for (String name : List.copyOf(folders)) {
      if (name.equals(source) || name.startsWith(source + "/")) {
        folders.remove(name);
        folders.add(goal + name.substring(source.length()));
      }
    }
    return true;
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    String key = key(path);
    boolean found = files.remove(key) != null;
    found |= files.keySet().removeIf(name -> name.startsWith(key + "/"));
    found |= folders.removeIf(name -> name.equals(key) || name.startsWith(key + "/"));
    return found;
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    String prefix = key(path).equals("/") ? "/" : key(path) + "/";
    if (!folders.contains(key(path))) {
      throw new FileNotFoundException(path.toString());
    }
    List<FileStatus> found = new ArrayList<>();
    Set<String> all = new TreeSet<>(files.keySet());
    all.addAll(folders);
    for (String name : all) {
      if (name.startsWith(prefix)
          && name.length() > prefix.length()
          && name.indexOf('/', prefix.length()) < 0) {
        found.add(getFileStatus(new Path(name)));
      }
    }
    return found.toArray(new FileStatus[0]);
  }

  @Override
  public void setWorkingDirectory(Path path) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path("/");
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    for (Path folder = path; folder != null; folder = folder.getParent()) {
      folders.add(key(folder));
    }
    return true;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    Entry entry = files.get(key(path));
    if (entry != null) {
      return new Versioned(entry, makeQualified(path));
    }
    if (folders.contains(key(path))) {
      return new FileStatus(0, true, 1, 1, now.toEpochMilli(), makeQualified(path));
    }
    throw new FileNotFoundException(path.toString());
  }

  private static final class Versioned extends FileStatus implements EtagSource {
    private static final long serialVersionUID = 1;
    private final String etag;

    Versioned(Entry entry, Path path) {
      super(entry.bytes().length, false, 1, 1, entry.written().toEpochMilli(), path);
      etag = String.valueOf(entry.version());
    }

    @Override
    public String getEtag() {
      return etag;
    }
  }

  private static final class Builder
      extends FSDataOutputStreamBuilder<FSDataOutputStream, Builder> {
    private final MemoryFileSystem store;

    Builder(MemoryFileSystem store, Path path) {
      super(store, path);
      this.store = store;
    }

    @Override
    public Builder getThisBuilder() {
      return this;
    }

    @Override
    public FSDataOutputStream build() throws IOException {
      Configuration options = getOptions();
      return store.stream(
          store
          .new Output(
              key(getPath()),
              options.get("fs.option.create.conditional.overwrite.etag", ""),
              options.getBoolean("fs.option.create.conditional.overwrite", false)));
    }
  }

  /** A file that is being written. */
  private final class Output extends ByteArrayOutputStream
      implements Abortable, StreamCapabilities {
    private final String key;
    private final String expected;
    private final boolean absent;
    private boolean ended;

    Output(String key, String expected, boolean absent) {
      this.key = key;
      this.expected = expected;
      this.absent = absent;
    }

    @Override
    public void close() throws IOException {
      if (ended) {
        return;
      }
      ended = true;
      Entry existing = files.get(key);
      if ((absent && existing != null)
          || (!expected.isEmpty()
              && (existing == null || !expected.equals(String.valueOf(existing.version()))))) {
        throw new IOException("412 Precondition Failed");
      }
      put(key, toByteArray());
    }

    @Override
    public AbortableResult abort() {
      if (!is(Trait.ABORTABLE)) {
        throw new UnsupportedOperationException("abort");
      }
      ended = true;
      return new AbortableResult() {
        @Override
        public boolean alreadyClosed() {
          return false;
        }

        @Override
        public IOException anyCleanupException() {
          return null;
        }
      };
    }

    @Override
    public boolean hasCapability(String capability) {
      return is(Trait.ABORTABLE) && capability.equals("fs.capability.outputstream.abortable");
    }
  }

  private static final class Input extends FSInputStream {
    private final byte[] bytes;
    private ByteArrayInputStream in;

    Input(byte[] bytes) {
      this.bytes = bytes;
      this.in = new ByteArrayInputStream(bytes);
    }

    @Override
    public void seek(long position) {
      in = new ByteArrayInputStream(Arrays.copyOfRange(bytes, (int) position, bytes.length));
    }

    @Override
    public long getPos() {
      return (long) bytes.length - in.available();
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read() {
      return in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return in.read(into, offset, length);
    }
  }
}
