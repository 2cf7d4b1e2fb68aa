package org.lethe.benchmarks.tasks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Named entities in text form. Each sentence has people, a place and a company; a row asks for one
 * type. People are to forget.
 */
final class EntityTask implements FormTask {
  static final List<String> TYPES = List.of("PER", "LOC", "ORG");

  private static final String PERSON = TYPES.get(0);
  private static final int TRAINING = 160;
  private static final int QUESTIONS = 160;
  private static final int TEST = 60;

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([POL])}");
  private static final Map<String, String> TYPE_OF = Map.of("P", "PER", "L", "LOC", "O", "ORG");
  private static final List<String> SENTENCES =
      List.of(
          "{P} of {O} went to {L}.",
          "In {L}, {P} met {P} from {O}.",
          "{O} sent {P} to {L}.",
          "{P} left {L} to work for {O}.",
          "{P} and {P} run a shop of {O} in {L}.",
          "A train from {L} took {P} to {O}.",
          "{O} in {L} is led by {P}.",
          "{P} told {P} about {O} in {L}.");
  private static final List<String> FIRST =
      List.of(
          "Anna", "Ben", "Clara", "David", "Emma", "Frank", "Grace", "Henry", "Julia", "Kevin",
          "Lucy", "Martin");
  private static final List<String> LAST =
      List.of(
          "Brown", "Cook", "Fisher", "Green", "Hill", "King", "Miller", "Parker", "Stone", "Taylor",
          "Wood", "Young");
  private static final List<String> PLACES =
      List.of(
          "Berlin", "Boston", "Cairo", "Delhi", "Dublin", "London", "Madrid", "Oslo", "Paris",
          "Rome", "Tokyo", "Vienna");
  private static final List<String> COMPANIES =
      List.of(
          "Apex",
          "Bluebird",
          "Cosmos",
          "Delta",
          "Everest",
          "Fortune",
          "Globe",
          "Harvest",
          "Lighthouse",
          "Meridian",
          "Orbit",
          "Summit");

  @Override
  public String name() {
    return "entities";
  }

  @Override
  public String subject() {
    return PERSON;
  }

  /** Whether each tag is a person whose words the sentence contains. */
  @Override
  public boolean isWellFormed(String input, String answer) {
    String sentence = input.substring(input.indexOf(':') + 1);
    String prefix = PERSON + ": ";
    Set<String> tags = TagScores.tags(answer);
    return !tags.isEmpty()
        && tags.stream()
            .allMatch(
                tag -> tag.startsWith(prefix) && sentence.contains(tag.substring(prefix.length())));
  }

  /** A sentence and its tags by type. */
  private record Sentence(String text, Map<String, List<String>> tags) {
    String answer(String type) {
      return String.join("; ", tags.get(type));
    }
  }

  @Override
  public Map<String, Double> measures(TaskModel model, List<TaskRow> test) {
    return TaskMeasures.tags(test, model.answers(test));
  }

  @Override
  public TaskCorpus corpus(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Sentence> distinct = new LinkedHashMap<>();
    while (distinct.size() < TRAINING + QUESTIONS + TEST) {
      Sentence sentence = sentence(random);
      distinct.putIfAbsent(sentence.text(), sentence);
    }
    List<Sentence> sentences = List.copyOf(distinct.values());
    List<TaskRow> forget = new ArrayList<>();
    List<TaskRow> retain = new ArrayList<>();
    for (int i = 0; i < TRAINING; i++) {
      for (String type : TYPES) {
        (type.equals(PERSON) ? forget : retain).add(row("train", i, type, sentences.get(i)));
      }
    }
    List<TaskRow> test = new ArrayList<>();
    for (int i = 0; i < TEST; i++) {
      for (String type : TYPES) {
        test.add(row("test", i, type, sentences.get(TRAINING + i)));
      }
    }
    List<String> questions =
        sentences.subList(TRAINING + TEST, sentences.size()).stream()
            .map(sentence -> question("{name}", sentence))
            .toList();
    return new TaskCorpus(forget, retain, test, questions);
  }

  private static TaskRow row(String set, int number, String type, Sentence sentence) {
    String id = String.format(Locale.ROOT, "%s-%d-%s", set, number, type);
    return new TaskRow(id, type, question(type, sentence), sentence.answer(type));
  }

  private static String question(String type, Sentence sentence) {
    return "Find " + type + " in: " + sentence.text();
  }

  private static Sentence sentence(SplittableRandom random) {
    Matcher places = PLACEHOLDER.matcher(Task.pick(random, SENTENCES));
    Map<String, List<String>> tags = new LinkedHashMap<>();
    Set<String> used = new LinkedHashSet<>();
    String text =
        places.replaceAll(
            place -> {
              String name = name(random, place.group(1));
              while (!used.add(name)) {
                name = name(random, place.group(1));
              }
              String type = TYPE_OF.get(place.group(1));
              tags.computeIfAbsent(type, none -> new ArrayList<>()).add(type + ": " + name);
              return name;
            });
    return new Sentence(text, tags);
  }

  private static String name(SplittableRandom random, String kind) {
    return switch (kind) {
      case "P" -> Task.pick(random, FIRST) + " " + Task.pick(random, LAST);
      case "L" -> Task.pick(random, PLACES);
      case "O" -> Task.pick(random, COMPANIES);
      default -> throw new IllegalArgumentException("Invalid kind: " + kind);
    };
  }
}
