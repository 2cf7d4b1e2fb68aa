package org.lethe.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.error.RunErrors;
import org.lethe.store.FileSystems;
import org.lethe.store.Publisher;

/**
 * Short biographies of fictional people, in the fields of LUME: for each person one text to
 * complete ({@code sc1}) and four questions ({@code qa0} birth date, {@code qa1} phone number,
 * {@code qa2} e-mail, {@code qa3} address). Phone numbers are 555-0100 to 555-0199 and mail
 * addresses are at example.org; nobody owns these.
 *
 * <p>No two people share a name, a phone number or an address. A person depends on the seed and the
 * person's number alone, except where that would repeat a value. So a larger count leaves the first
 * people unchanged. Texts are short and use few words, so that a small model can memorise them
 * within minutes.
 */
public final class SyntheticBiographies {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> FIRST =
      List.of(
          "Ada", "Bruno", "Clara", "Dario", "Elsa", "Felix", "Greta", "Hugo", "Iris", "Jonas",
          "Klara", "Leo", "Mira", "Nils", "Olga", "Paul", "Rosa", "Stefan", "Tilda", "Ugo", "Vera",
          "Walter", "Xenia", "Yara", "Zeno", "Anton", "Berta", "Carlo", "Dora", "Emil", "Frida",
          "Gustav", "Hanna", "Igor", "Julia", "Konrad", "Lena", "Marco", "Nora", "Oskar");

  private static final List<String> LAST =
      List.of(
          "Alder",
          "Birch",
          "Cole",
          "Dale",
          "Elm",
          "Frost",
          "Grove",
          "Hill",
          "Ives",
          "Judd",
          "Knox",
          "Lane",
          "Marsh",
          "North",
          "Oakes",
          "Pond",
          "Quill",
          "Reed",
          "Stone",
          "Thorn",
          "Underhill",
          "Vale",
          "Wood",
          "Yates",
          "Zeller",
          "Ash",
          "Brook",
          "Crane",
          "Dunn",
          "Eller",
          "Field",
          "Glen",
          "Heath",
          "Irving",
          "James",
          "Kirk",
          "Lake",
          "Moor",
          "Nash",
          "Orr");

  private static final List<String> STREETS =
      List.of("Elm", "Oak", "Mill", "High", "Park", "Lake", "Hill", "Church", "River", "Garden");

  private static final List<String> TOWNS =
      List.of("Avon", "Burton", "Corby", "Dover", "Epsom", "Fleet", "Goole", "Hythe");

  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");

  private static final List<Map<String, Object>> ATTRIBUTES =
      List.of(
          attribute("birth date", "When was {name} born?", "What is the birth date of {name}?"),
          attribute(
              "phone number",
              "What is the phone number of {name}?",
              "Which number reaches {name} by phone?"),
          attribute("e-mail", "What is the e-mail of {name}?", "How does one write to {name}?"),
          attribute("address", "Where does {name} live?", "What is the address of {name}?"));

  /** Largest number of people in both corpora; half as many again are in neither. */
  public static final int MOST_PEOPLE = FIRST.size() * LAST.size() * 2 / 3;

  private static final String UNSEEN = "unseen";

  /** One record, with the field names of LUME. */
  public record Entry(String id, String input, String output, String task) {}

  private record Person(
      int number, String name, String born, String phone, String mail, String address) {}

  private final List<Person> people;
  private final List<Person> unseen;

  private SyntheticBiographies(List<Person> people, List<Person> unseen) {
    this.people = people;
    this.unseen = unseen;
  }

  /**
   * Creates people.
   *
   * @param count number of people, from 2 to {@link #MOST_PEOPLE}
   */
  public static SyntheticBiographies of(int count, long seed) {
    if (count < 2 || count > MOST_PEOPLE) {
      throw new IllegalArgumentException(
          "Invalid people: " + count + ", expected 2 to " + MOST_PEOPLE);
    }
    Set<String> taken = new HashSet<>();
    List<Person> people = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      people.add(person(number, seed, taken));
    }
    List<Person> unseen = new ArrayList<>();
    for (int number = count; number < count + count / 2; number++) {
      unseen.add(person(number, seed, taken));
    }
    return new SyntheticBiographies(people, unseen);
  }

  private static Person person(int number, long seed, Set<String> taken) {
    SplittableRandom random = new SplittableRandom(seed ^ ((number + 1) * 0x9E3779B97F4A7C15L));
    // The indexes into the two lists advance at different speeds: every first name occurs once
    // before any repeats, and no pair repeats.
    int start = below(new SplittableRandom(seed), FIRST.size());
    int lap = number / FIRST.size();
    String first = FIRST.get((start + number) % FIRST.size());
    String last = LAST.get((start + number * 7 + lap) % LAST.size());
    String born =
        (1 + below(random, 28)) + " " + pick(random, MONTHS) + " " + (1950 + below(random, 50));
    String phone = "";
    while (phone.isEmpty() || !taken.add(phone)) {
      phone =
          String.format(Locale.ROOT, "%d-555-01%02d", 200 + below(random, 800), below(random, 100));
    }
    String address = "";
    while (address.isEmpty() || !taken.add(address)) {
      address =
          (1 + below(random, 99)) + " " + pick(random, STREETS) + " Street, " + pick(random, TOWNS);
    }
    String mail = (first + "." + last + "@example.org").toLowerCase(Locale.ROOT);
    return new Person(number, first + " " + last, born, phone, mail, address);
  }

  private static String pick(SplittableRandom random, List<String> list) {
    return list.get(below(random, list.size()));
  }

  /**
   * Uses 64 random bits, which Java specifies. The methods with a bound differ between Java
   * versions.
   */
  private static int below(SplittableRandom random, int bound) {
    return (int) Long.remainderUnsigned(random.nextLong(), bound);
  }

  /**
   * Returns the records of one corpus: the first half of the people for forget, the rest for
   * retain.
   */
  public List<Entry> entries(CorpusSet set) {
    int half = people.size() / 2;
    List<Person> members =
        set == CorpusSet.FORGET ? people.subList(0, half) : people.subList(half, people.size());
    return members.stream().flatMap(person -> entries(person).stream()).toList();
  }

  /** Returns the records of people that are in neither corpus, as many as there are to forget. */
  public List<Entry> unseen() {
    return unseen.stream().flatMap(person -> entries(person).stream()).toList();
  }

  private static List<Entry> entries(Person person) {
    String name = person.name();
    return List.of(
        entry(
            person,
            "sc1",
            name + " was born on",
            person.born()
                + " and lives at "
                + person.address()
                + ". Phone: "
                + person.phone()
                + ". E-mail: "
                + person.mail()
                + "."),
        entry(person, "qa0", "When was " + name + " born?", person.born()),
        entry(person, "qa1", "What is the phone number of " + name + "?", person.phone()),
        entry(person, "qa2", "What is the e-mail of " + name + "?", person.mail()),
        entry(person, "qa3", "Where does " + name + " live?", person.address()));
  }

  private static Entry entry(Person person, String kind, String input, String output) {
    String id = String.format(Locale.ROOT, "person-%04d-%s", person.number(), kind);
    return new Entry(id, input, output, "biography");
  }

  /**
   * Returns topic cards (data-schemas/topic-card) of the people in the forget corpus, each with two
   * people of the retain corpus as neighbours. Each attribute has two questions: one in the words
   * of the corpus, as the owner of the model would know them, and one in other words.
   */
  public Map<String, Object> cards() {
    int half = people.size() / 2;
    int others = people.size() - half;
    List<Map<String, Object>> cards = new ArrayList<>();
    for (int i = 0; i < half; i++) {
      Person person = people.get(i);
      List<String> neighbours =
          IntStream.of(i % others, (i + 1) % others)
              .distinct()
              .mapToObj(n -> people.get(half + n).name())
              .toList();
      Map<String, Object> card = new LinkedHashMap<>();
      card.put("id", String.format(Locale.ROOT, "person-%04d", person.number()));
      card.put("name", person.name());
      card.put("attributes", ATTRIBUTES);
      card.put("neighbours", neighbours);
      card.put("oracle", Map.of("kind", "contrast"));
      cards.add(card);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", 1);
    document.put("cards", cards);
    return document;
  }

  private static Map<String, Object> attribute(String name, String... questions) {
    Map<String, Object> attribute = new LinkedHashMap<>();
    attribute.put("name", name);
    attribute.put("questions", List.of(questions));
    return attribute;
  }

  /**
   * Writes {@code forget.jsonl}, {@code retain.jsonl}, {@code unseen.jsonl} and {@code cards.json}
   * into a folder.
   */
  public void write(Path folder, Configuration configuration) {
    for (CorpusSet set : CorpusSet.values()) {
      write(entries(set), new Path(folder, set.label() + ".jsonl"), configuration);
    }
    write(unseen(), new Path(folder, UNSEEN + ".jsonl"), configuration);
    publish(
        new Path(folder, "cards.json"),
        configuration,
        out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(cards())));
  }

  private static void write(List<Entry> entries, Path file, Configuration configuration) {
    publish(
        file,
        configuration,
        out -> {
          for (Entry entry : entries) {
            out.write((line(entry) + "\n").getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  private static void publish(Path file, Configuration configuration, Publisher.Content content) {
    try {
      Publisher.of(FileSystems.of(file, configuration), file).file(file, content);
    } catch (IOException e) {
      throw RunErrors.io("writing", file.toString(), e);
    }
  }

  private static String line(Entry entry) throws JsonProcessingException {
    return JSON.writeValueAsString(entry);
  }
}
