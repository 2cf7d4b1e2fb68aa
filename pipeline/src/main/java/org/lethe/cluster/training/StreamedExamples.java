package org.lethe.cluster.training;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowFiles.RowGroup;
import org.lethe.text.Example;

/**
 * The examples of shard files, read by row groups. Keeps an index of the groups and the examples of
 * the last group, so memory does not depend on the number of rows. Access in the order of groups is
 * fast; see {@link GroupedOrder}.
 */
final class StreamedExamples extends AbstractList<Example> {
  private record Group(Path file, RowGroup rows, int start) {}

  private final List<Group> groups = new ArrayList<>();
  private final Configuration hadoop;
  private final int size;

  private int loaded = -1;
  private List<Example> examples = List.of();

  StreamedExamples(List<String> files, Configuration hadoop) {
    this.hadoop = hadoop;
    int rows = 0;
    for (String file : files) {
      Path path = new Path(file);
      for (RowGroup group : RowFiles.groups(path, hadoop)) {
        groups.add(new Group(path, group, rows));
        rows = Math.addExact(rows, group.rows());
      }
    }
    size = rows;
  }

  /** Returns the number of rows of each group. */
  int[] groupSizes() {
    return groups.stream().mapToInt(group -> group.rows().rows()).toArray();
  }

  @Override
  public synchronized Example get(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(
          "Invalid index: " + index + ", expected 0 to " + (size - 1));
    }
    if (loaded < 0
        || index < groups.get(loaded).start()
        || index >= groups.get(loaded).start() + groups.get(loaded).rows().rows()) {
      load(groupOf(index));
    }
    return examples.get(index - groups.get(loaded).start());
  }

  private int groupOf(int index) {
    int low = 0;
    int high = groups.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (groups.get(middle).start() <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private void load(int number) {
    Group group = groups.get(number);
    examples = List.of(); // Two groups never are in memory at once.
    loaded = -1;
    examples = ShardReader.examples(group.file(), group.rows(), hadoop);
    loaded = number;
  }

  @Override
  public int size() {
    return size;
  }
}
