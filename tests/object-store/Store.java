import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Files of an object store for run.sh, by the store's own Hadoop file system.
 *
 * <p>Usage: java Store.java put FOLDER URI, get URI FOLDER, wait URI SECONDS, or list URI
 */
final class Store {
  private Store() {}

  public static void main(String[] arguments) throws Exception {
    Configuration configuration = new Configuration();
    FileSystem local = FileSystem.getLocal(configuration).getRaw();
    Path first = new Path(arguments[1]);
    switch (arguments[0]) {
      case "put" -> {
        Path goal = new Path(arguments[2]);
        FileUtil.copy(local, first, goal.getFileSystem(configuration), goal, false, configuration);
      }
      case "get" -> get(first.getFileSystem(configuration), first, local, new Path(arguments[2]));
      case "wait" -> await(first.getFileSystem(configuration), first, Long.parseLong(arguments[2]));
      case "list" ->
          files(first.getFileSystem(configuration), first)
              .forEach(file -> System.out.println(file.getLen() + " " + file.getPath()));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void get(FileSystem store, Path root, FileSystem local, Path goal)
      throws Exception {
    String prefix = store.makeQualified(root).toUri().getPath() + "/";
    for (FileStatus file : files(store, root)) {
      String name = file.getPath().toUri().getPath().substring(prefix.length());
      Path copy = new Path(goal, name);
      local.mkdirs(copy.getParent());
      FileUtil.copy(store, file.getPath(), local, copy, false, store.getConf());
    }
  }

  private static void await(FileSystem store, Path file, long seconds) throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (!store.exists(file)) {
      if (System.nanoTime() > end) {
        System.err.println(file + " did not appear in " + seconds + " s");
        System.exit(1);
      }
      Thread.sleep(50);
    }
  }

  /** All files below a folder, or none if it does not exist. */
  private static List<FileStatus> files(FileSystem store, Path root) throws Exception {
    List<FileStatus> files = new ArrayList<>();
    try {
      RemoteIterator<LocatedFileStatus> found = store.listFiles(root, true);
      while (found.hasNext()) {
        files.add(found.next());
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return files;
  }
}
