package org.lethe.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.corpus.SyntheticBiographies.Entry;
import org.lethe.corpus.input.CorpusSet;

final class SyntheticBiographiesTest {
  /** Computed in Python from SplitMix64's definition. */
  private static final String JSON_OF_SEED_42 =
      "{\"id\":\"person-0000-qa0\",\"input\":\"When was Nils North born?\","
          + "\"output\":\"20 July 1964\",\"task\":\"biography\"}";

  @TempDir Path folder;

  @Test
  void unseenPeopleAreInNeitherCorpus() {
    SyntheticBiographies people = SyntheticBiographies.of(24, 42);

    assertThat(people.unseen()).hasSameSizeAs(people.entries(CorpusSet.FORGET));
    assertThat(people.unseen())
        .extracting(Entry::output)
        .doesNotContainAnyElementsOf(all(people).stream().map(Entry::output).toList());
  }

  @Test
  void everyAttributeDiffersBetweenPeople() {
    List<Entry> all = all(SyntheticBiographies.of(SyntheticBiographies.MOST_PEOPLE, 42));

    for (String kind : List.of("qa1", "qa2", "qa3", "sc1")) {
      assertThat(all.stream().filter(e -> e.id().endsWith(kind)).map(Entry::output))
          .hasSize(SyntheticBiographies.MOST_PEOPLE)
          .doesNotHaveDuplicates();
    }
    assertThat(all).extracting(Entry::input).doesNotHaveDuplicates();
    assertThat(all).extracting(Entry::id).doesNotHaveDuplicates();
  }

  @Test
  void smallSetsShareNoFirstAndNoLastNames() {
    List<String> names =
        all(SyntheticBiographies.of(40, 7)).stream()
            .filter(e -> e.id().endsWith("sc1"))
            .map(e -> e.input().replace(" was born on", ""))
            .toList();

    assertThat(names).extracting(n -> n.split(" ")[0]).doesNotHaveDuplicates();
    assertThat(names).extracting(n -> n.split(" ")[1]).doesNotHaveDuplicates();
  }

  @Test
  void personalDataUsesReservedRanges() {
    assertThat(all(SyntheticBiographies.of(100, 1)))
        .allSatisfy(
            e -> {
              if (e.id().endsWith("qa1")) {
                assertThat(e.output()).matches("[2-9]\\d\\d-555-01\\d\\d");
              }
              if (e.id().endsWith("qa2")) {
                assertThat(e.output()).matches("[a-z]+\\.[a-z]+@example\\.org");
              }
              assertThat((e.input() + " " + e.output()).length()).isLessThan(160);
            });
  }

  @Test
  void sameSeedGivesSamePeopleAndLargerCountsExtendThem() {
    List<Entry> few = all(SyntheticBiographies.of(4, 42));

    assertThat(all(SyntheticBiographies.of(4, 42))).isEqualTo(few);
    assertThat(all(SyntheticBiographies.of(40, 42))).startsWith(few.toArray(Entry[]::new));
    assertThat(all(SyntheticBiographies.of(4, 43))).isNotEqualTo(few);
  }

  @Test
  void halfOfThePeopleAreInTheForgetFile() throws IOException {
    SyntheticBiographies people = SyntheticBiographies.of(5, 42);
    people.write(new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration());

    assertThat(people.entries(CorpusSet.FORGET)).hasSize(10);
    assertThat(people.entries(CorpusSet.RETAIN)).hasSize(15);
    assertThat(Files.readAllLines(folder.resolve("retain.jsonl"))).hasSize(15);
    assertThat(Files.readAllLines(folder.resolve("forget.jsonl")).get(1))
        .isEqualTo(JSON_OF_SEED_42);
  }

  @Test
  void invalidCountsAreRejected() {
    assertThatThrownBy(() -> SyntheticBiographies.of(1, 42))
        .hasMessage("Invalid people: 1, expected 2 to 1066");
  }

  private static List<Entry> all(SyntheticBiographies people) {
    return Stream.of(CorpusSet.values()).flatMap(set -> people.entries(set).stream()).toList();
  }
}
