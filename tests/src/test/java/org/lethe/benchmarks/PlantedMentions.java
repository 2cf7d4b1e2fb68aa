package org.lethe.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.find.Subject;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;

/**
 * A hundred subjects, and sentences about them and about others with similar names. {@link
 * CorpusGenerator} plants such sentences in one row of a thousand. The form of a mention is in the
 * row's task field, so that what a search found can be scored by form.
 */
final class PlantedMentions {
  private static final int SUBJECTS = 100;

  /** Forms that mention the subject; the others name somebody else. */
  private static final List<String> TRUE_FORMS =
      List.of(
          "plain",
          "accents",
          "case",
          "last-first",
          "initial",
          "possessive",
          "slavic",
          "alias",
          "script");

  private static final List<String> FALSE_FORMS = List.of("other-first", "other-last", "apart");

  private static final String[] CYRILLIC = {
    "ба", "до", "ке", "ли", "му", "на", "по", "ри", "са", "те", "во", "зу", "брен", "дал", "фин",
    "гор", "хал", "йор", "кал", "лун"
  };

  private PlantedMentions() {}

  /** One planted row. */
  record Mention(String form, String text) {}

  private record Names(String first, String last, String alias, String script) {
    static Names of(int subject) {
      SplittableRandom random = new SplittableRandom(0x5EEDL + subject);
      String[] name = CorpusGenerator.name(random).split(" ");
      StringBuilder script = new StringBuilder();
      for (int i = 0; i < 3; i++) {
        script.append(CYRILLIC[random.nextInt(CYRILLIC.length)]);
      }
      // The syllable of the subject's number makes names different from those of other rows.
      String first = name[0] + "x" + (char) ('a' + subject % 26);
      String last = "Q" + name[1].toLowerCase(Locale.ROOT);
      return new Names(first, last, "Captain " + last + "ius", upper(script) + " Щ" + script);
    }

    private static String upper(StringBuilder script) {
      return script.substring(0, 1).toUpperCase(Locale.ROOT) + script.substring(1);
    }
  }

  static List<Subject> subjects() {
    List<Subject> subjects = new ArrayList<>();
    for (int i = 0; i < SUBJECTS; i++) {
      Names names = Names.of(i);
      subjects.add(
          new Subject(
              "subject-" + i,
              List.of(names.first() + " " + names.last(), names.alias(), names.script())));
    }
    return subjects;
  }

  /** Returns a sentence about a subject or about somebody with a similar name. */
  static Mention mention(SplittableRandom random) {
    Names names = Names.of(random.nextInt(SUBJECTS));
    List<String> forms = new ArrayList<>(TRUE_FORMS);
    forms.addAll(FALSE_FORMS);
    String form = forms.get(random.nextInt(forms.size()));
    String name = names.first() + " " + names.last();
    String text =
        switch (form) {
          case "plain" -> "In winter " + name + " repaired the bridge.";
          case "accents" -> "In winter " + name.replace('a', 'á').replace('o', 'ö') + " came.";
          case "case" -> "THE LETTER OF " + name.toUpperCase(Locale.ROOT) + " ARRIVED.";
          case "last-first" -> "Register: " + names.last() + ", " + names.first() + " (teacher).";
          case "initial" -> "It was " + names.first() + " B. " + names.last() + " who wrote.";
          case "possessive" -> "This is " + name + "'s garden.";
          case "slavic" -> "Mluvili s " + names.first() + "em " + names.last() + "ovi.";
          case "alias" -> "Everybody called him " + names.alias() + ".";
          case "script" -> "Письмо для " + names.script() + " пришло.";
          case "other-first" -> "In winter Selma " + names.last() + " repaired the bridge.";
          case "other-last" -> "In winter " + names.first() + " Brandt repaired the bridge.";
          case "apart" -> names.first() + " left early. Old " + names.last() + " stayed.";
          default -> throw new IllegalStateException("Invalid form: " + form);
        };
    return new Mention(form, text);
  }

  /** Compares found rows with the planted ones, and returns lines of a table. */
  static List<String> score(Path corpus, Path found) throws IOException {
    TreeMap<String, Set<String>> planted = new TreeMap<>();
    try (Stream<Path> files = Files.list(corpus.resolve("retain"))) {
      for (Path file : files.sorted().toList()) {
        readPlanted(file, planted);
      }
    }
    Set<String> ids = new TreeSet<>();
    RowSchema schema = RowSchema.of("found_row", Column.string("id"));
    try (Stream<Path> files = Files.list(found.resolve("rows"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        RowFiles.forEach(
            schema,
            new org.apache.hadoop.fs.Path(file.toUri()),
            new Configuration(),
            row -> ids.add(row.string("id")));
      }
    }
    List<String> lines = new ArrayList<>();
    long right = 0;
    long all = 0;
    for (String form : planted.keySet()) {
      long hits = planted.get(form).stream().filter(ids::contains).count();
      lines.add(
          String.format(
              Locale.ROOT, "%-12s planted %d, found %d", form, planted.get(form).size(), hits));
      if (TRUE_FORMS.contains(form)) {
        right += hits;
        all += planted.get(form).size();
      }
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "recall %.4f (%d of %d), precision %.4f (%d of %d found)",
            right / (double) all,
            right,
            all,
            right / (double) ids.size(),
            right,
            ids.size()));
    return lines;
  }

  /** Reads the ids of planted rows; their task is "planted-FORM". */
  private static void readPlanted(Path file, TreeMap<String, Set<String>> planted)
      throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int task = line.indexOf("\"task\":\"planted-");
        if (task >= 0) {
          String form = line.substring(task + 16, line.indexOf('"', task + 16));
          String id = line.substring(7, line.indexOf('"', 7));
          planted.computeIfAbsent(form, f -> new TreeSet<>()).add(id);
        }
      }
    }
  }
}
