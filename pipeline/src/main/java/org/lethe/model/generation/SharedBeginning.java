package org.lethe.model.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.lethe.text.Example;

/**
 * Examples with a common beginning of their prompts, which one read serves: questions with the same
 * examples before them, or answers to one prompt.
 *
 * @param length tokens of the beginning, 0 if there is none
 * @param members indices of the examples
 */
public record SharedBeginning(int length, List<Integer> members) {
  /** Shortest beginning that is shared. */
  private static final int LEAST = 8;

  public SharedBeginning {
    members = List.copyOf(members);
  }

  /**
   * Divides examples into groups so that the most tokens need not be read again. Examples without a
   * group of their own come last, with length 0.
   */
  public static List<SharedBeginning> of(List<Example> examples) {
    List<Integer> order =
        IntStream.range(0, examples.size())
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> examples.get(i).tokens(), Arrays::compare)
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    int count = order.size();
    // saved[end]: tokens saved among the first examples of the order; begin[end]: their last group.
    long[] saved = new long[count + 1];
    int[] begin = new int[count + 1];
    int[] shared = new int[count + 1];
    for (int end = 1; end <= count; end++) {
      saved[end] = saved[end - 1];
      begin[end] = end - 1;
      int common = room(examples.get(order.get(end - 1)));
      for (int from = end - 2; from >= 0 && common >= LEAST; from--) {
        Example first = examples.get(order.get(from));
        common = Math.min(common, room(first));
        common = common(first.tokens(), examples.get(order.get(from + 1)).tokens(), common);
        long with = saved[from] + (long) (end - from - 1) * common;
        if (common >= LEAST && with > saved[end]) {
          saved[end] = with;
          begin[end] = from;
          shared[end] = common;
        }
      }
    }
    return groups(order, begin, shared);
  }

  /** Tokens that neighbours have in common, as far as a group of two could share them. */
  public static long commonTokens(List<Example> examples) {
    long sum = 0;
    for (int i = 1; i < examples.size(); i++) {
      Example first = examples.get(i - 1);
      Example second = examples.get(i);
      int most = Math.min(room(first), room(second));
      int common = common(first.tokens(), second.tokens(), most);
      sum += common >= LEAST ? common : 0;
    }
    return sum;
  }

  /** Most tokens that an example can share: the last one of its prompt predicts an answer. */
  private static int room(Example example) {
    return example.promptTokens() - 1;
  }

  private static int common(int[] first, int[] second, int most) {
    int mismatch = Arrays.mismatch(first, 0, most, second, 0, Math.min(most, second.length));
    return mismatch < 0 ? most : mismatch;
  }

  private static List<SharedBeginning> groups(List<Integer> order, int[] begin, int[] shared) {
    List<SharedBeginning> groups = new ArrayList<>();
    List<Integer> alone = new ArrayList<>();
    for (int end = order.size(); end > 0; end = begin[end]) {
      if (shared[end] > 0) {
        groups.add(0, new SharedBeginning(shared[end], order.subList(begin[end], end)));
      } else {
        alone.add(order.get(end - 1));
      }
    }
    if (!alone.isEmpty()) {
      groups.add(new SharedBeginning(0, alone.stream().sorted().toList()));
    }
    return groups;
  }

  /** Tokens that need not be read again. */
  public long saved() {
    return (members.size() - 1L) * length;
  }
}
