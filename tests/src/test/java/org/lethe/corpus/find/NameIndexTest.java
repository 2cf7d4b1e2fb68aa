package org.lethe.corpus.find;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NameIndexTest {
  private final NameIndex index =
      new NameIndex(
          List.of(
              new Subject(
                  "odile",
                  List.of(
                      "Odile Farrów",
                      "O. Farrow",
                      "Одиль Фарроу",
                      "王小明",
                      "أوديل فارو",
                      "マリア",
                      "Keeper O'Dell")),
              new Subject("anna", List.of("Anna Nowak", "Анна Новак", "Ann")),
              new Subject("meri", List.of("Meri Virtanen", "Ελένη Παπαδάκη", "김민수"))));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Who is Odile Farrow?",
        "ODILE FARRÓW lives here",
        "Odile M. Farrow",
        "Farrow, Odile (1961)",
        "Odile-Farrow's lamp",
        "o. farrow wrote it",
        "O Farrow",
        "letters of Odile Farrows",
        "знал Одиля Фарроу",
        "книга王小明写",
        "كتاب وأوديل فارو",
        "マリアは灯台",
        "Keeper O’Dell"
      })
  void oneSubjectIsFoundByItsNamesAndAliases(String text) {
    assertThat(index.mentioned(text)).containsExactly(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "widziałem Annę Nowak",
        "z Anną Nowakową",
        "Nowak Anna",
        "s Annou Nowak",
        "Анну Новака",
        "с Анной Новак",
        "only Ann came"
      })
  void slavicCasesAreFound(String text) {
    assertThat(index.mentioned(text)).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Meri Virtasen", "Merin Virtasella"})
  void aStemThatChangesIsNotFound(String text) {
    assertThat(index.mentioned(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Merin Virtanenin talo", "της Ελένης Παπαδάκης", "김민수는 의사"})
  void otherCasesAreFound(String text) {
    assertThat(index.mentioned(text)).containsExactly(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Odile went home. Farrow stayed",
        "Odette Farrow",
        "Farrow fields",
        "Odilefarrow",
        "Anne is not here",
        "Annual Nowak report",
        "王大明",
        "Keeper Dell",
        ""
      })
  void othersAreNotFound(String text) {
    assertThat(index.mentioned(text)).isEmpty();
  }

  @Test
  void severalSubjectsAreFoundInOneText() {
    assertThat(index.mentioned("Odile Farrow met Anna Nowak.")).containsExactly(0, 1);
    assertThat(new Subject("x", List.of("SECRET")).toString()).isEqualTo("Subject[x]");
  }
}
