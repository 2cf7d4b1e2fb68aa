package org.lethe.cluster.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.TokenizerSource;
import org.lethe.corpus.input.ShardRow;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.attack.Attack;
import org.lethe.evaluation.attack.AttackSettings;
import org.lethe.evaluation.attack.AttackedRow;
import org.lethe.evaluation.attack.Attacks;
import org.lethe.evaluation.attack.FewShotPrompt;
import org.lethe.evaluation.attack.Lesson;
import org.lethe.evaluation.attack.NeutralTexts;
import org.lethe.reveal.SeededRandom;
import org.lethe.run.JsonLines;
import org.lethe.store.FileSystems;

/**
 * The rows to attack: of each set those with the smallest hashes of seed and id, so that the rows
 * before and after unlearning are the same. Memory does not depend on the size of a set.
 */
public final class AttackSample {
  private static final String FORGET = "forget";

  /** Longest neutral text, in tokens. */
  private static final int NEUTRAL_TOKENS = 128;

  private record Drawn(long hash, ShardRow row) {
    static final Comparator<Drawn> BY_HASH =
        Comparator.comparingLong(Drawn::hash).thenComparing(drawn -> drawn.row().id());
  }

  private final AttackSettings settings;
  private final TokenizerSource tokenizer;
  private final Configuration hadoop;

  public AttackSample(AttackSettings settings, TokenizerSource tokenizer, Configuration hadoop) {
    this.settings = settings;
    this.tokenizer = tokenizer;
    this.hadoop = hadoop;
  }

  /**
   * The sample.
   *
   * @param rows rows of every set and the neutral texts, by name of the set
   * @param lessons what the chosen attacks teach the model
   */
  public record Sample(Map<String, List<AttackedRow>> rows, Map<Lesson.Kind, Lesson> lessons) {}

  /**
   * Returns the rows of every set and what attacks teach. Taught forget rows are a set of their
   * own, and the forget rows then are others.
   *
   * @param count number of rows of each set, at most
   */
  public Sample of(Map<String, List<String>> shards, int count) {
    UserTexts texts =
        new UserTexts(
            byRow(settings.files().paraphrases(), "prompt"),
            byRow(settings.files().entities(), "entity"));
    List<ShardRow> taught = taught(shards);
    Set<String> ids = taught.stream().map(ShardRow::id).collect(Collectors.toSet());
    Map<String, List<AttackedRow>> rows = new TreeMap<>();
    shards.forEach(
        (set, files) -> {
          List<ShardRow> drawn =
              drawn(
                  files,
                  count + settings.prompts().shots(),
                  row -> !set.equals(FORGET) || !ids.contains(row.id()));
          rows.put(set, rows(set, drawn, count, texts));
        });
    if (!taught.isEmpty()) {
      rows.put(Attack.TAUGHT + FORGET, rows(Attack.TAUGHT + FORGET, taught, count, texts));
    }
    List<AttackedRow> neutral = neutral();
    rows.put(Attack.NEUTRAL, neutral);
    Map<Lesson.Kind, Lesson> lessons = new EnumMap<>(Lesson.Kind.class);
    lessons.put(
        Lesson.Kind.FORGET_ROWS,
        new Lesson(taught.stream().map(ShardRow::toExample).toList(), settings.teaching()));
    lessons.put(
        Lesson.Kind.NEUTRAL_TEXTS,
        new Lesson(neutral.stream().map(AttackedRow::example).toList(), settings.teaching()));
    return new Sample(rows, lessons);
  }

  /** The forget rows with the largest hashes; none if no attack teaches forget rows. */
  private List<ShardRow> taught(Map<String, List<String>> shards) {
    List<String> files = shards.getOrDefault(FORGET, List.of());
    if (Attacks.of(settings).stream()
        .noneMatch(attack -> attack.lesson().equals(Optional.of(Lesson.Kind.FORGET_ROWS)))) {
      return List.of();
    }
    long[] all = new long[1];
    files.forEach(file -> ShardReader.forEach(new Path(file), hadoop, row -> all[0]++));
    return drawn(files, settings.teaching().taught(all[0]), Drawn.BY_HASH, row -> true);
  }

  private List<AttackedRow> rows(String set, List<ShardRow> drawn, int count, UserTexts texts) {
    int shots = settings.prompts().shots();
    List<AttackedRow> rows = new ArrayList<>();
    for (int i = 0; i < Math.min(count, drawn.size()); i++) {
      ShardRow row = drawn.get(i);
      rows.add(
          new AttackedRow(
              set,
              row.prompt(),
              row.completion(),
              row.toExample(),
              shots(drawn, i, shots),
              texts.paraphrases().getOrDefault(row.id(), List.of()),
              texts.entities().getOrDefault(row.id(), List.of()).stream().findFirst()));
    }
    return rows;
  }

  /** The last rows that were drawn, which are attacked only if the set is small. */
  private static List<String> shots(List<ShardRow> drawn, int except, int count) {
    List<String> shots = new ArrayList<>();
    for (int i = drawn.size() - 1; i >= 0 && shots.size() < count; i--) {
      if (i != except) {
        shots.add(FewShotPrompt.shot(drawn.get(i).prompt(), drawn.get(i).completion()));
      }
    }
    return shots;
  }

  private List<ShardRow> drawn(List<String> files, int count, Predicate<ShardRow> eligible) {
    return drawn(files, count, Drawn.BY_HASH.reversed(), eligible);
  }

  /** Keeps the rows that come last in an order. */
  private List<ShardRow> drawn(
      List<String> files, int count, Comparator<Drawn> order, Predicate<ShardRow> eligible) {
    PriorityQueue<Drawn> drawn = new PriorityQueue<>(order);
    for (String file : files) {
      ShardReader.forEach(
          new Path(file),
          hadoop,
          row -> {
            if (eligible.test(row)) {
              drawn.add(new Drawn(SeededRandom.mix(settings.seed(), row.id()), row));
            }
            if (drawn.size() > count) {
              drawn.remove();
            }
          });
    }
    return drawn.stream().sorted(Drawn.BY_HASH).map(Drawn::row).toList();
  }

  /** The user's texts by row id. They are personal data. */
  private record UserTexts(
      Map<String, List<String>> paraphrases, Map<String, List<String>> entities) {}

  /** The texts of a file by row id: JSON Lines with the fields id and another one. */
  private Map<String, List<String>> byRow(String file, String field) {
    Map<String, List<String>> byId = new HashMap<>();
    if (!file.isEmpty()) {
      for (JsonNode line : lines(new Path(file))) {
        byId.computeIfAbsent(line.path("id").asText(), id -> new ArrayList<>())
            .add(line.path(field).asText());
      }
    }
    return byId;
  }

  private List<JsonNode> lines(Path file) {
    try {
      return JsonLines.read(FileSystems.of(file, hadoop), file);
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }

  private List<AttackedRow> neutral() {
    List<String> texts =
        settings.files().neutralTexts().isEmpty()
            ? NeutralTexts.builtIn()
            : texts(settings.files().neutralTexts());
    List<AttackedRow> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      rows.add(
          new AttackedRow(
              Attack.NEUTRAL,
              "",
              texts.get(i),
              tokenizer
                  .encoder(hadoop)
                  .encode(Attack.NEUTRAL + i, "", texts.get(i), NEUTRAL_TOKENS)
                  .example(),
              List.of(),
              List.of(),
              Optional.empty()));
    }
    return rows;
  }

  private List<String> texts(String file) {
    Path path = new Path(file);
    try (FSDataInputStream in = FileSystems.of(path, hadoop).open(path)) {
      return NeutralTexts.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw RunErrors.io("reading", file, e);
    }
  }
}
