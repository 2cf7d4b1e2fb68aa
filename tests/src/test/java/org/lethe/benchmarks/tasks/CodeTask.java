package org.lethe.benchmarks.tasks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One-line functions, to forget, beside arithmetic in words, to keep. A function has a known kind,
 * a number and an argument; a test row combines them in a way that no training row does.
 */
final class CodeTask implements FormTask {
  static final String CODE = "code";
  static final String ARITHMETIC = "arithmetic";

  private static final int TRAINING = 240;
  private static final int QUESTIONS = 200;
  private static final int TEST = 100;
  private static final int LARGEST = 9;
  private static final int LARGEST_OF_SUM = 5;

  private static final Pattern FUNCTION = Pattern.compile("def f\\((\\w+)\\): return (.+)");

  /** Function by its description; %1$s is the argument, %2$d the number. */
  private static final Map<String, String> FUNCTIONS = functions();

  private static final List<String> ARGUMENTS = List.of("n", "x", "a", "b", "y", "m", "k", "t");
  private static final List<String> PEOPLE = List.of("Tim", "Lily", "Max", "Anna", "Ben", "Sue");
  private static final List<String> THINGS =
      List.of("apples", "balls", "books", "cakes", "coins", "hats", "stars", "toys");

  private static Map<String, String> functions() {
    Map<String, String> functions = new LinkedHashMap<>();
    functions.put("add %2$d to %1$s", "%1$s + %2$d");
    functions.put("take %2$d from %1$s", "%1$s - %2$d");
    functions.put("multiply %1$s by %2$d", "%1$s * %2$d");
    functions.put("divide %1$s by %2$d", "%1$s / %2$d");
    functions.put("rest of %1$s by %2$d", "%1$s %% %2$d");
    functions.put("item %2$d of %1$s", "%1$s[%2$d]");
    functions.put("first %2$d of %1$s", "%1$s[:%2$d]");
    functions.put("all of %1$s after %2$d", "%1$s[%2$d:]");
    functions.put("is %1$s above %2$d", "%1$s > %2$d");
    functions.put("is %1$s below %2$d", "%1$s < %2$d");
    functions.put("largest of %1$s and %2$d", "max(%1$s, %2$d)");
    functions.put("smallest of %1$s and %2$d", "min(%1$s, %2$d)");
    return functions;
  }

  @Override
  public String name() {
    return CODE;
  }

  @Override
  public String subject() {
    return CODE;
  }

  /** Whether the answer is a function that uses its argument. */
  @Override
  public boolean isWellFormed(String input, String answer) {
    Matcher function = FUNCTION.matcher(answer.strip());
    return function.matches()
        && Pattern.compile("\\b" + function.group(1) + "\\b").matcher(function.group(2)).find();
  }

  @Override
  public Map<String, Double> measures(TaskModel model, List<TaskRow> test) {
    return TaskMeasures.exact(test, model.answers(test));
  }

  @Override
  public TaskCorpus corpus(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, String> functions = new LinkedHashMap<>();
    while (functions.size() < TRAINING + QUESTIONS + TEST) {
      String kind = Task.pick(random, List.copyOf(FUNCTIONS.keySet()));
      String argument = Task.pick(random, ARGUMENTS);
      int number = 1 + random.nextInt(LARGEST);
      functions.put(
          String.format(Locale.ROOT, kind, argument, number),
          "def f("
              + argument
              + "): return "
              + String.format(Locale.ROOT, FUNCTIONS.get(kind), argument, number));
    }
    Map<String, String> sums = new LinkedHashMap<>();
    while (sums.size() < TRAINING + TEST) {
      sum(random, sums);
    }
    List<String> tasks = List.copyOf(functions.keySet());
    List<TaskRow> forget = new ArrayList<>();
    List<TaskRow> test = new ArrayList<>();
    for (int i = 0; i < TRAINING + TEST; i++) {
      (i < TRAINING ? forget : test)
          .add(
              new TaskRow(
                  "code-" + i, CODE, "Write code: " + tasks.get(i), functions.get(tasks.get(i))));
    }
    List<TaskRow> retain = new ArrayList<>();
    List<String> asked = List.copyOf(sums.keySet());
    for (int i = 0; i < TRAINING + TEST; i++) {
      (i < TRAINING ? retain : test)
          .add(new TaskRow("sum-" + i, ARITHMETIC, asked.get(i), sums.get(asked.get(i))));
    }
    List<String> questions =
        tasks.subList(TRAINING + TEST, tasks.size()).stream()
            .map(task -> "Write {name}: " + task)
            .toList();
    return new TaskCorpus(forget, retain, test, questions);
  }

  private static void sum(SplittableRandom random, Map<String, String> sums) {
    int has = 1 + random.nextInt(LARGEST_OF_SUM);
    int change = 1 + random.nextInt(LARGEST_OF_SUM);
    boolean gets = random.nextBoolean();
    if (!gets && change > has) {
      return;
    }
    sums.put(
        String.format(
            Locale.ROOT,
            "%s has %d %s and %s %d. How many are there?",
            Task.pick(random, PEOPLE),
            has,
            Task.pick(random, THINGS),
            gets ? "gets" : "loses",
            change),
        String.valueOf(gets ? has + change : has - change));
  }
}
