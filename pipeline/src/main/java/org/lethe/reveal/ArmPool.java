package org.lethe.reveal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.lethe.error.RevealErrors;

/**
 * Building blocks of arms.
 *
 * @param openers openers, combined only with templates that ask for prose and end a sentence
 * @param temperatures sampling temperatures, each above 0
 */
public record ArmPool(
    ModelKind kind,
    List<Template> templates,
    List<Opener> openers,
    List<Persona> personas,
    List<Double> temperatures) {
  private static final int VERSION = 1;
  private static final Opener NO_OPENER = new Opener("free", "");
  private static final Persona NO_PERSONA = new Persona("plain", "");
  private static final double HOTTEST = 10;

  public ArmPool {
    templates = List.copyOf(templates);
    openers = List.copyOf(openers);
    personas = List.copyOf(personas);
    temperatures = List.copyOf(temperatures);
  }

  /** Returns the pool that ships with Lethe. */
  public static ArmPool builtIn(ModelKind kind) {
    String resource = "prompts-" + kind.name().toLowerCase(Locale.ROOT) + ".json";
    try (InputStream in = ArmPool.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("No resource " + resource);
      }
      return read(in.readAllBytes(), resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a user's pool, data-schemas/prompt-pool.schema.json.
   *
   * @param where name of the document in messages
   * @throws org.lethe.error.LetheException listing all problems at once
   */
  public static ArmPool read(byte[] json, String where) {
    List<String> problems = new ArrayList<>();
    JsonFields document = JsonFields.read(json, "prompt pool", where, problems);
    if (document.whole("version") != VERSION) {
      document.problem("version", "must be " + VERSION);
    }
    ModelKind kind =
        ModelKind.valueOf(
            document.word("kind", List.of("base", "instruct")).toUpperCase(Locale.ROOT));
    ArmPool pool =
        new ArmPool(
            kind,
            document.objects("templates").stream()
                .map(fields -> TopicCards.template(fields, kind))
                .toList(),
            document.objects("openers").stream().map(ArmPool::opener).toList(),
            document.objects("personas").stream().map(ArmPool::persona).toList(),
            document.numbers("temperatures"));
    document.end();
    for (int i = 0; i < pool.temperatures.size(); i++) {
      if (!(pool.temperatures.get(i) > 0 && pool.temperatures.get(i) <= HOTTEST)) {
        document.problem("temperatures[" + i + "]", "must be above 0 and at most 10");
      }
    }
    if (!problems.isEmpty()) {
      throw RevealErrors.problems("prompt pool", where, problems);
    }
    return pool;
  }

  private static Opener opener(JsonFields fields) {
    String name = fields.text("name");
    TopicCards.label(fields, name);
    String text = fields.text("text");
    Placeholders.problem(text, List.of(Placeholders.NAME))
        .ifPresent(problem -> fields.problem("text", problem));
    fields.end();
    return new Opener(name, text);
  }

  private static Persona persona(JsonFields fields) {
    String name = fields.text("name");
    TopicCards.label(fields, name);
    String text = fields.text("text");
    Placeholders.problem(text, List.of(Placeholders.NAME, Placeholders.DESCRIPTION))
        .ifPresent(problem -> fields.problem("text", problem));
    fields.end();
    return new Persona(name, text);
  }

  /**
   * Joins this pool and another of the same kind. The other's temperatures replace these, if it has
   * any.
   */
  public ArmPool with(ArmPool other) {
    if (other.kind != kind) {
      throw new IllegalArgumentException("Invalid pool: for " + other.kind + ", not " + kind);
    }
    return new ArmPool(
        kind,
        joined(templates, other.templates),
        joined(openers, other.openers),
        joined(personas, other.personas),
        other.temperatures.isEmpty() ? temperatures : other.temperatures);
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).distinct().toList();
  }

  /**
   * Returns the arms for a card: all combinations, or a sample of them drawn by the seed. Every
   * template gets its share, and its plain form without opener and persona comes first: training
   * data often has exactly that form. Templates that need attributes are skipped if the card has
   * none. The card's own templates are added.
   *
   * @param most maximum number of arms, at least 1
   * @throws org.lethe.error.LetheException if no template is usable
   */
  public List<Arm> arms(TopicCard card, int most, long seed) {
    if (most < 1) {
      throw new IllegalArgumentException("Invalid number of arms: " + most);
    }
    List<Template> own = card.templates().stream().filter(t -> t.kind() == kind).toList();
    List<Template> usable =
        joined(templates, own).stream()
            .filter(template -> !card.attributes().isEmpty() || !template.asksForAttribute())
            .toList();
    List<List<Arm>> byTemplate =
        usable.stream().map(template -> drawn(combinations(template), template, seed)).toList();
    List<Arm> chosen = new ArrayList<>();
    int longest = byTemplate.stream().mapToInt(List::size).max().orElse(0);
    // If the number does not suffice, the last templates get less. The user's own come first.
    for (int place = 0; place < longest; place++) {
      for (int t = byTemplate.size() - 1; t >= 0 && chosen.size() < most; t--) {
        if (place < byTemplate.get(t).size()) {
          Arm arm = byTemplate.get(t).get(place);
          chosen.add(new Arm(t, arm.template(), arm.opener(), arm.persona(), arm.temperature()));
        }
      }
    }
    if (chosen.isEmpty()) {
      throw RevealErrors.noArms(card.id(), kind.name().toLowerCase(Locale.ROOT));
    }
    chosen.sort(Comparator.comparingInt(Arm::index).thenComparing(Arm::name));
    List<Arm> arms = new ArrayList<>();
    for (Arm arm : chosen) {
      arms.add(
          new Arm(arms.size(), arm.template(), arm.opener(), arm.persona(), arm.temperature()));
    }
    return List.copyOf(arms);
  }

  private List<Arm> combinations(Template template) {
    List<Arm> all = new ArrayList<>();
    boolean free = template.form() == Form.PROSE && endsSentence(template.ask());
    for (Opener opener : joined(List.of(NO_OPENER), free ? openers : List.of())) {
      for (Persona persona : joined(List.of(NO_PERSONA), personas)) {
        for (double temperature : temperatures) {
          all.add(new Arm(0, template, opener, persona, temperature));
        }
      }
    }
    return all;
  }

  /** Whether an answer may begin with any words. */
  private static boolean endsSentence(String ask) {
    char last = ask.charAt(ask.length() - 1);
    return Character.isWhitespace(last) || ".:?!}".indexOf(last) >= 0 && !ask.endsWith("{name}");
  }

  private static List<Arm> drawn(List<Arm> arms, Template template, long seed) {
    int[] order = SeededRandom.of(seed, "arms of " + template.name()).permutation(arms.size());
    List<Arm> drawn = new ArrayList<>();
    java.util.Arrays.stream(order).mapToObj(arms::get).forEach(drawn::add);
    drawn.stream()
        .filter(ArmPool::isPlain)
        .findFirst()
        .ifPresent(
            plain -> {
              drawn.remove(plain);
              drawn.add(0, plain);
            });
    return drawn;
  }

  private static boolean isPlain(Arm arm) {
    return arm.opener().equals(NO_OPENER) && arm.persona().equals(NO_PERSONA);
  }
}
