package org.lethe.reveal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.reveal.search.ArmContexts;

final class PromptsTest {
  @ParameterizedTest
  @EnumSource(ModelKind.class)
  void builtInPoolAsksInThousandsOfWays(ModelKind kind) {
    ArmPool pool = ArmPool.builtIn(kind);
    List<Arm> all = pool.arms(Cards.odile(), Integer.MAX_VALUE, 1);

    assertThat(all.size()).isGreaterThan(1000);
    assertThat(all.stream().map(Arm::name).distinct()).hasSameSizeAs(all);
    assertThat(all.stream().map(Arm::index))
        .containsExactlyElementsOf(IntStream.range(0, all.size()).boxed().toList());
    assertThat(names(all)).hasSameSizeAs(pool.templates());
  }

  @ParameterizedTest
  @EnumSource(ModelKind.class)
  void everyTemplateHasItsShareOfFewArms(ModelKind kind) {
    ArmPool pool = ArmPool.builtIn(kind);
    int count = 3 * pool.templates().size();

    Map<String, Long> shares =
        pool.arms(Cards.odile(), count, 5).stream()
            .collect(Collectors.groupingBy(arm -> arm.template().name(), Collectors.counting()));

    assertThat(shares)
        .hasSameSizeAs(pool.templates())
        .allSatisfy((t, n) -> assertThat(n).isEqualTo(3));
    assertThat(pool.arms(Cards.odile(), pool.templates().size(), 5))
        .as("each template as it stands, before any opener or persona")
        .allMatch(arm -> arm.opener().text().isEmpty() && arm.persona().text().isEmpty());
    assertThat(pool.arms(Cards.odile(), count, 5)).isEqualTo(pool.arms(Cards.odile(), count, 5));
    assertThat(pool.arms(Cards.odile(), count, 6)).isNotEqualTo(pool.arms(Cards.odile(), count, 5));
  }

  @ParameterizedTest
  @EnumSource(ModelKind.class)
  void everyPromptIsFilledIn(ModelKind kind) {
    List<Arm> arms = ArmPool.builtIn(kind).arms(Cards.odile(), Integer.MAX_VALUE, 1);
    PromptMaker maker = new PromptMaker(Cards.odile(), arms, 3);
    for (Arm arm : arms) {
      Prompt prompt = maker.prompt(new PromptId("odile", arm.index(), 2));
      assertThat(prompt.text()).doesNotContain("{", "}").contains("Farrow");
      assertThat(prompt.ask()).doesNotEndWith(" ");
      if (arm.template().asksForAttribute()) {
        assertThat(prompt.attribute()).isPresent();
      }
      assertThat(prompt.frame()).doesNotContain("Farrow");
    }
  }

  @Test
  void openersFollowOnlyWholeSentencesAndKeepTheirDistance() {
    List<Arm> arms = ArmPool.builtIn(ModelKind.BASE).arms(Cards.odile(), Integer.MAX_VALUE, 1);
    PromptMaker maker = new PromptMaker(Cards.odile(), arms, 3);
    for (Arm arm : arms) {
      if (!arm.opener().text().isEmpty()) {
        assertThat(arm.template().form()).isEqualTo(Form.PROSE);
        Prompt prompt = maker.prompt(new PromptId("odile", arm.index(), 0));
        String before = prompt.ask().substring(prompt.ask().length() - 1);
        assertThat(before + prompt.opener()).matches("(?s)(\\s\\S|[.:?] \\S).*");
      }
    }
    assertThat(arms.stream().filter(a -> a.template().name().equals("definition")))
        .allSatisfy(arm -> assertThat(arm.opener().text()).isEmpty());
  }

  @Property(tries = 30)
  void promptDependsOnSeedAndIdAlone(
      @ForAll @IntRange(max = 1000) int seed, @ForAll @IntRange(max = 500) int number) {
    List<Arm> arms = ArmPool.builtIn(ModelKind.INSTRUCT).arms(Cards.odile(), 50, 1);
    PromptId id = new PromptId("odile", number % 50, number);
    PromptMaker used = new PromptMaker(Cards.odile(), arms, seed);
    used.prompt(new PromptId("odile", 3, 7));

    Prompt prompt = used.prompt(id);

    assertThat(new PromptMaker(Cards.odile(), arms, seed).prompt(id)).isEqualTo(prompt);
    assertThat(new PromptMaker(Cards.odile(), arms, seed + 1).prompt(id).seed())
        .isNotEqualTo(prompt.seed());
    assertThat(used.prompt(new PromptId("odile", number % 50, number + 1)).seed())
        .isNotEqualTo(prompt.seed());
  }

  @Test
  void attributesAndQuestionsTakeTurns() {
    List<Arm> arms = ArmPool.builtIn(ModelKind.INSTRUCT).arms(Cards.odile(), 2000, 1);
    int arm =
        arms.stream()
            .filter(a -> a.template().ask().equals("{question}"))
            .findFirst()
            .get()
            .index();
    PromptMaker maker = new PromptMaker(Cards.odile(), arms, 3);
    Set<String> asks = new HashSet<>();
    for (int number = 0; number < 4; number++) {
      asks.add(
          maker
              .prompt(new PromptId("odile", arm, number))
              .ask()
              .replace("O. Farrow", "X")
              .replace("Odile Farrow", "X"));
    }
    assertThat(asks)
        .containsExactlyInAnyOrder(
            "When was X born?", "On which day was X born?", "What is the town of X?");
    assertThat(maker.instruction(arm).ask()).isEqualTo("When was Odile Farrow born?");
  }

  @Test
  void bracesInNamesMeanNothing() {
    TopicCard card = card("Group {question}", List.of(), List.of());
    List<Arm> arms = ArmPool.builtIn(ModelKind.INSTRUCT).arms(card, 100, 1);

    assertThat(new PromptMaker(card, arms, 1).instruction(0).text()).contains("Group {question}");
  }

  @Test
  void cardWithoutAttributesIsNotAskedForAny() {
    List<Arm> arms =
        ArmPool.builtIn(ModelKind.BASE).arms(card("Grell", List.of(), List.of()), 5000, 1);

    assertThat(names(arms)).contains("definition").doesNotContain("question", "few-shot table");
  }

  @Test
  void templatesOfTheCardComeFirstWhereFewArmsAreWanted() {
    Template own = new Template("own", ModelKind.BASE, Form.PROSE, "", "The tale of {name}");
    List<Arm> arms =
        ArmPool.builtIn(ModelKind.BASE).arms(card("Grell", List.of(), List.of(own)), 1, 1);

    assertThat(names(arms)).containsExactly("own");
    assertThatThrownBy(
            () ->
                new ArmPool(ModelKind.INSTRUCT, List.of(), List.of(), List.of(), List.of(1.0))
                    .arms(card("Grell", List.of(), List.of(own)), 1, 1))
        .hasMessage(
            "No prompts for topic card card: the card has no attributes, and every template"
                + " for a model of kind instruct needs some; add attributes or templates");
  }

  @Test
  void userPoolIsJoined() throws IOException {
    byte[] example =
        Files.readAllBytes(
            Path.of(
                System.getProperty("lethe.repository"), "data-schemas/prompt-pool.example.json"));
    ArmPool pool = ArmPool.builtIn(ModelKind.INSTRUCT).with(ArmPool.read(example, "example"));

    assertThat(pool.temperatures()).containsExactly(0.7, 1.0);
    assertThat(names(pool.arms(Cards.odile(), 5000, 1))).contains("letter", "biography");
    assertThatThrownBy(() -> ArmPool.builtIn(ModelKind.BASE).with(pool))
        .hasMessage("Invalid pool: for INSTRUCT, not BASE");
    assertThatThrownBy(
            () ->
                ArmPool.read(
                    ("{\"version\":1,\"kind\":\"base\",\"openners\":[],\"temperatures\":[0,\"a\"],"
                            + "\"personas\":[{\"name\":\"p\",\"text\":\"{who}\"}]}")
                        .getBytes(StandardCharsets.UTF_8),
                    "mine.json"))
        .hasMessage(
            "Invalid prompt pool mine.json, 5 problems: personas[0].text holds the unknown"
                + " placeholder {who}, expected {name}, {description}; temperatures[1] must be a"
                + " number; openners is not known; did you mean openers?; temperatures[0] must be"
                + " above 0 and at most 10; temperatures[1] must be above 0 and at most 10. Correct"
                + " all of them");
  }

  @Test
  void temperatureIsPutOnContexts() {
    List<Arm> arms = ArmPool.builtIn(ModelKind.BASE).arms(Cards.odile(), 2, 1);

    double[][] contexts =
        ArmContexts.withTemperature(new float[][] {new float[32], new float[32]}, arms);

    assertThat(contexts[1])
        .hasSize(34)
        .endsWith(arms.get(1).temperature(), arms.get(1).temperature());
  }

  @Test
  void promptsShowNoText() {
    List<Arm> arms = ArmPool.builtIn(ModelKind.BASE).arms(Cards.odile(), 2, 1);
    Prompt prompt = new PromptMaker(Cards.odile(), arms, 1).instruction(1);

    assertThat(prompt.toString()).isEqualTo("Prompt[odile.1.0]");
    assertThat(new Response(prompt, prompt.opener() + "secret").toString())
        .isEqualTo("Response[odile.1.0]");
  }

  @Test
  void answerEndsWithItsLine() {
    Prompt prompt = Cards.prompt(Cards.odile(), Form.ANSWER, 0, "Q: When?\nA:");
    Response response = new Response(prompt, "\n 4 May 1970\nQ: Where?");

    assertThat(response.text()).isEqualTo(" 4 May 1970");
    assertThat(new Response(prompt, response.text())).isEqualTo(response);
    assertThat(new Response(prompt, "\n\n").text()).isEmpty();
  }

  private static TopicCard card(
      String name, List<TopicCard.Attribute> attributes, List<Template> templates) {
    return new TopicCard(
        "card",
        name,
        List.of(),
        "",
        attributes,
        List.of(),
        List.of(),
        new OracleChoice.Name(),
        templates);
  }

  private static List<String> names(List<Arm> arms) {
    return arms.stream().map(arm -> arm.template().name()).distinct().toList();
  }
}
