package org.lethe.corpus.find;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the subjects that a text mentions.
 *
 * <p>A name is found if its words follow each other, in any order of first and last name, each as
 * it is or inflected. Initials may stand between them. A name of one word is found inflected only
 * if it has at least five letters, because short ones have the forms of other words.
 */
final class NameIndex {
  private static final int SHORTEST_INFLECTED_NAME = 5;

  /** Maximum number of initials between two words of a name. */
  private static final int MOST_INITIALS = 2;

  /** A name as the numbers of its words. */
  private record Name(int subject, int[] words) {}

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, int[]> forms = new HashMap<>();
  private final Map<Integer, List<Name>> byFirstWord = new HashMap<>();

  NameIndex(List<Subject> subjects) {
    Map<String, Set<Integer>> all = new HashMap<>();
    for (int subject = 0; subject < subjects.size(); subject++) {
      for (String name : subjects.get(subject).names()) {
        List<String> words = FoldedWords.of(name);
        if (!words.isEmpty()) {
          add(subject, words, all);
          // Registers list the last name first.
          if (words.size() > 1) {
            add(subject, lastFirst(words), all);
          }
        }
      }
    }
    all.forEach(
        (form, found) ->
            forms.put(form, found.stream().mapToInt(Integer::intValue).sorted().toArray()));
  }

  private static List<String> lastFirst(List<String> words) {
    List<String> turned = new ArrayList<>();
    turned.add(words.get(words.size() - 1));
    turned.addAll(words.subList(0, words.size() - 1));
    return turned;
  }

  private void add(int subject, List<String> words, Map<String, Set<Integer>> all) {
    boolean inflected = words.size() > 1 || words.get(0).length() >= SHORTEST_INFLECTED_NAME;
    int[] name = new int[words.size()];
    for (int i = 0; i < name.length; i++) {
      String word = words.get(i);
      // Exact and inflected uses of a word have different numbers.
      String key = (inflected ? "~" : "=") + word;
      int number = numbers.computeIfAbsent(key, k -> numbers.size());
      name[i] = number;
      Set<String> taken = inflected ? Inflections.of(word) : Set.of(word);
      taken.forEach(form -> all.computeIfAbsent(form, f -> new HashSet<>()).add(number));
    }
    byFirstWord.computeIfAbsent(name[0], k -> new ArrayList<>()).add(new Name(subject, name));
  }

  /** Returns the numbers of the subjects that a text mentions. */
  Set<Integer> mentioned(String text) {
    List<String> words = FoldedWords.of(text);
    Set<Integer> found = new TreeSet<>();
    for (int start = 0; start < words.size(); start++) {
      int[] hits = forms.get(words.get(start));
      if (hits == null) {
        continue;
      }
      for (int first : hits) {
        for (Name name : byFirstWord.getOrDefault(first, List.of())) {
          if (matches(name, words, start)) {
            found.add(name.subject());
          }
        }
      }
    }
    return found;
  }

  private boolean matches(Name name, List<String> words, int start) {
    int position = start + 1;
    for (int i = 1; i < name.words().length; i++) {
      int initials = 0;
      while (position < words.size()
          && !isForm(words.get(position), name.words()[i])
          && words.get(position).length() == 1
          && initials < MOST_INITIALS) {
        position++;
        initials++;
      }
      if (position >= words.size() || !isForm(words.get(position), name.words()[i])) {
        return false;
      }
      position++;
    }
    return true;
  }

  private boolean isForm(String word, int number) {
    int[] hits = forms.get(word);
    return hits != null && Arrays.binarySearch(hits, number) >= 0;
  }
}
