package org.lethe.reveal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.lethe.error.RevealErrors;

/** Reads topic cards, data-schemas/topic-card.schema.json. */
public final class TopicCards {
  private static final int VERSION = 1;
  private static final int MOST_CARDS = 10_000;
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
  private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} '-]{0,63}");
  private static final Pattern REGION = Pattern.compile("[A-Z]{2}");
  private static final List<String> ORACLES =
      List.of("name", "contrast", "personal-data", "entities", "toxicity", "external");

  private TopicCards() {}

  /**
   * Reads a document of one or more cards.
   *
   * @param json UTF-8
   * @param where name of the document in messages, which quote only keys of it
   * @throws org.lethe.error.LetheException listing all problems at once
   */
  public static List<TopicCard> read(byte[] json, String where) {
    List<String> problems = new ArrayList<>();
    JsonFields document = JsonFields.read(json, "topic cards", where, problems);
    if (document.whole("version") != VERSION) {
      document.problem("version", "must be " + VERSION);
    }
    List<JsonFields> objects = document.objects("cards");
    document.end();
    if (objects.isEmpty()) {
      document.problem("cards", "is empty, expected at least one card");
    } else if (objects.size() > MOST_CARDS) {
      document.problem("cards", "has more than " + MOST_CARDS + " cards");
    }
    List<TopicCard> cards = new ArrayList<>();
    for (JsonFields object : objects) {
      cards.add(card(object));
    }
    checkTogether(objects, cards);
    if (!problems.isEmpty()) {
      throw RevealErrors.problems("topic cards", where, problems);
    }
    return List.copyOf(cards);
  }

  private static TopicCard card(JsonFields fields) {
    String id = fields.text("id");
    if (!id.isBlank() && !ID.matcher(id).matches()) {
      fields.problem("id", "must be lower-case letters, digits and hyphens, at most 64");
    }
    TopicCard card =
        new TopicCard(
            id,
            name(fields, "name", fields.text("name")),
            names(fields, "aliases"),
            fields.optionalText("description"),
            fields.objects("attributes").stream().map(TopicCards::attribute).toList(),
            names(fields, "neighbours"),
            names(fields, "substitutes"),
            fields.object("oracle").map(TopicCards::oracle).orElse(new OracleChoice.Name()),
            fields.objects("templates").stream().map(TopicCards::template).toList());
    fields.end();
    checkDifferent(fields, "attributes", card.attributes().stream().map(a -> a.name()).toList());
    checkDifferent(fields, "templates", card.templates().stream().map(Template::name).toList());
    return card;
  }

  private static List<String> names(JsonFields fields, String key) {
    List<String> names = fields.texts(key);
    for (int i = 0; i < names.size(); i++) {
      name(fields, key + "[" + i + "]", names.get(i));
    }
    checkDifferent(fields, key, names);
    return names;
  }

  /** Checks that a name fits on one line. */
  private static String name(JsonFields fields, String key, String name) {
    if (name.indexOf('\n') >= 0 || name.indexOf('\t') >= 0) {
      fields.problem(key, "must not hold line feeds or tabs");
    } else if (!name.isBlank() && Words.of(name).isEmpty()) {
      fields.problem(key, "holds no letter and no digit");
    }
    return name;
  }

  private static TopicCard.Attribute attribute(JsonFields fields) {
    String name = fields.text("name");
    label(fields, name);
    List<String> questions = fields.texts("questions");
    for (int i = 0; i < questions.size(); i++) {
      String place = "questions[" + i + "]";
      Placeholders.problem(questions.get(i), List.of(Placeholders.NAME))
          .ifPresent(problem -> fields.problem(place, problem));
      if (!Placeholders.uses(questions.get(i), Placeholders.NAME)) {
        fields.problem(place, "does not hold {name}");
      }
    }
    fields.end();
    return new TopicCard.Attribute(name, questions);
  }

  static void label(JsonFields fields, String name) {
    if (!name.isBlank() && !LABEL.matcher(name).matches()) {
      fields.problem("name", "must be letters, digits, spaces and hyphens, at most 64");
    }
  }

  private static OracleChoice oracle(JsonFields fields) {
    String kind = fields.word("kind", ORACLES);
    OracleChoice oracle =
        switch (kind) {
          case "contrast" -> new OracleChoice.Contrast();
          case "personal-data" -> new OracleChoice.Personal(kinds(fields), region(fields));
          case "entities" -> new OracleChoice.Entities(fields.text("type"));
          case "toxicity" -> new OracleChoice.Toxicity();
          case "external" -> new OracleChoice.External(fields.text("scorer"));
          default -> new OracleChoice.Name();
        };
    fields.end();
    return oracle;
  }

  private static Set<PersonalDataKind> kinds(JsonFields fields) {
    List<String> keys = Arrays.stream(PersonalDataKind.values()).map(k -> k.key()).toList();
    Set<PersonalDataKind> kinds = EnumSet.noneOf(PersonalDataKind.class);
    List<String> found = fields.texts("kinds");
    for (int i = 0; i < found.size(); i++) {
      int index = keys.indexOf(found.get(i));
      if (index < 0) {
        fields.problem("kinds[" + i + "]", "must be one of " + String.join(", ", keys));
      } else {
        kinds.add(PersonalDataKind.values()[index]);
      }
    }
    return kinds.isEmpty() ? EnumSet.allOf(PersonalDataKind.class) : kinds;
  }

  private static String region(JsonFields fields) {
    String region = fields.optionalText("region");
    if (region.isEmpty()) {
      return "US";
    }
    if (!REGION.matcher(region).matches()) {
      fields.problem("region", "must be two capital letters, such as US");
    }
    return region;
  }

  private static Template template(JsonFields fields) {
    ModelKind kind =
        ModelKind.valueOf(
            fields.word("kind", List.of("base", "instruct")).toUpperCase(Locale.ROOT));
    return template(fields, kind);
  }

  static Template template(JsonFields fields, ModelKind kind) {
    String name = fields.text("name");
    label(fields, name);
    Form form =
        Form.valueOf(fields.word("form", List.of("answer", "prose")).toUpperCase(Locale.ROOT));
    String frame = fields.optionalText("frame");
    Placeholders.problem(frame, List.of(Placeholders.ATTRIBUTE))
        .ifPresent(problem -> fields.problem("frame", problem));
    String ask = fields.text("ask");
    List<String> allowed =
        List.of(
            Placeholders.NAME,
            Placeholders.DESCRIPTION,
            Placeholders.ATTRIBUTE,
            Placeholders.QUESTION);
    Placeholders.problem(ask, allowed).ifPresent(problem -> fields.problem("ask", problem));
    if (!ask.isBlank()
        && !Placeholders.uses(ask, Placeholders.NAME)
        && !Placeholders.uses(ask, Placeholders.QUESTION)) {
      fields.problem("ask", "holds neither {name} nor {question}");
    }
    fields.end();
    return new Template(name, kind, form, frame, ask);
  }

  private static void checkDifferent(JsonFields fields, String key, List<String> names) {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Integer before = first.putIfAbsent(Words.normal(names.get(i)), i);
      if (before != null && !names.get(i).isBlank()) {
        fields.problem(
            key + "[" + i + "]", "is the same as " + fields.at(key + "[" + before + "]"));
      }
    }
  }

  /** Checks that ids are unique and that no subject to forget is also a neighbour to keep. */
  private static void checkTogether(List<JsonFields> objects, List<TopicCard> cards) {
    Map<String, Integer> ids = new HashMap<>();
    Map<String, Integer> subjects = new HashMap<>();
    for (int i = 0; i < cards.size(); i++) {
      Integer before = ids.putIfAbsent(cards.get(i).id(), i);
      if (before != null && !cards.get(i).id().isBlank()) {
        objects.get(i).problem("id", "is the same as cards[" + before + "].id");
      }
      for (String name : cards.get(i).names()) {
        subjects.putIfAbsent(Words.normal(name), i);
      }
    }
    for (int i = 0; i < cards.size(); i++) {
      List<String> neighbours = cards.get(i).neighbours();
      for (int j = 0; j < neighbours.size(); j++) {
        Integer subject = subjects.get(Words.normal(neighbours.get(j)));
        if (subject != null && !neighbours.get(j).isBlank()) {
          objects
              .get(i)
              .problem("neighbours[" + j + "]", "is to be forgotten, by cards[" + subject + "]");
        }
      }
    }
  }
}
