package org.lethe.jobs.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * The configuration that decides whether an existing result may be reused: keys, or sections with
 * all keys below them.
 *
 * @param names of keys and sections
 */
public record Sections(List<String> names) {
  /**
   * Keys that no existing result depends on: the number of Spark tasks of an evaluation, files
   * whose digests are inputs of a stage of their own, and whether a tuning chose the other keys.
   */
  private static final Set<String> NEUTRAL =
      Set.of(
          "lethe.evaluate.workers",
          "lethe.corpus.unseen",
          "lethe.corpus.neutral",
          "lethe.attack.retrained",
          "lethe.corpus.forget-tasks",
          "lethe.unlearn.auto");

  /** A section with results of its own: it counts only where it is named. */
  private static final String OWN = "lethe.evaluate.attacks";

  public Sections {
    names = List.copyOf(names);
  }

  public static Sections of(String... names) {
    return new Sections(List.of(names));
  }

  /** These sections and more. */
  public Sections and(String... more) {
    return and(List.of(more));
  }

  /** These sections and more. */
  public Sections and(List<String> more) {
    List<String> all = new ArrayList<>(names);
    all.addAll(more);
    return new Sections(all);
  }

  /** Whether a key is one of these or below one of these. */
  public boolean contains(String key) {
    return !NEUTRAL.contains(key)
        && names.stream()
            .anyMatch(name -> isBelow(key, name) && (!isBelow(key, OWN) || isBelow(name, OWN)));
  }

  private static boolean isBelow(String key, String name) {
    return key.equals(name) || key.startsWith(name + ".");
  }

  /** The keys of a configuration that these sections contain, with their values as text. */
  public SortedMap<String, String> of(Configuration configuration) {
    SortedMap<String, String> chosen = configuration.flattened();
    chosen.keySet().removeIf(key -> !contains(key));
    return chosen;
  }
}
