package org.lethe.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares names of choices with the comments of reference.conf. */
public final class ReferenceComments {
  private static final Pattern PROBLEM =
      Pattern.compile("(lethe[\\w.-]+) = .*: expected one of ([^;\\n]*)");

  private ReferenceComments() {}

  /** Keys whose value is not among their names, with these names. */
  public static Map<String, List<String>> choices(ConfigurationReader reader) {
    Map<String, List<String>> choices = new TreeMap<>();
    Matcher problem = PROBLEM.matcher(catchThrowable(reader::done).getMessage());
    while (problem.find()) {
      choices.put(problem.group(1), List.of(problem.group(2).split(", ", -1)));
    }
    return choices;
  }

  /**
   * Checks that the comment of a key lists its names. Keys that training sections share are
   * documented in lethe.unlearn.
   */
  public static void assertDocumented(String key, List<String> names) {
    Config reference = ConfigFactory.parseResources(ReferenceComments.class, "/reference.conf");
    String documented =
        key.replaceFirst("^lethe\\.(finetune|reveal\\.release\\.module)\\.", "lethe.unlearn.");
    String comment = String.join("\n", reference.getValue(documented).origin().comments());

    assertThat(names)
        .as("names in the comment of %s", documented)
        .allMatch(name -> comment.matches("(?s).*(?<![\\w-])" + name + "(?![\\w-]).*"));
  }
}
