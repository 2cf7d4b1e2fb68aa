package org.lethe.reveal.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.error.LetheException;
import org.lethe.reveal.Cards;
import org.lethe.reveal.Form;
import org.lethe.reveal.OracleChoice;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.oracle.OracleSettings.Scorer.Program;
import org.lethe.reveal.oracle.OracleSettings.Scorer.Service;

/** Scoring programs and services, and the handling of their misbehaviour. */
final class ExternalScorersTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String SECRET = "Odile's secret";

  private final TopicCard card = Cards.odile();

  private List<Response> responses(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Cards.candidate(card, Form.PROSE, i, SECRET + "x".repeat(i)).response())
        .toList();
  }

  private static double score(int number) {
    return (SECRET.length() + number) % 10 / 10.0;
  }

  private static Program program(String behaviour, Duration timeout) {
    return new Program(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            ScorerProgram.class.getName(),
            behaviour),
        timeout);
  }

  @ParameterizedTest
  @ValueSource(strings = {"good", "pairwise-backwards"})
  void programScoresBatchAfterBatch(String behaviour) {
    try (ExternalProcess oracle = new ExternalProcess("mine", program(behaviour, LONG))) {
      // Far more than the buffer of a pipe.
      double[] first = oracle.relevance(card, responses(600));
      double[] second = oracle.relevance(card, responses(4));
      assertThat(first).hasSize(600);
      assertThat(IntStream.range(0, 600)).allMatch(i -> first[i] == score(i));
      assertThat(second).containsExactly(score(0), score(1), score(2), score(3));
      assertThat(oracle.relevance(card, List.of())).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quits | ended before all texts were scored",
        "babbles | gave something other than JSON",
        "above-one | gave no number from 0 to 1 for number 0",
        "twice | scored number 0 twice",
      })
  void misbehaviourIsNamedWithoutQuotingAnything(String behaviour, String problem) {
    try (ExternalProcess oracle = new ExternalProcess("mine", program(behaviour, LONG))) {
      assertThatThrownBy(() -> oracle.relevance(card, responses(2)))
          .isInstanceOf(LetheException.class)
          .hasMessage(
              "External scorer mine "
                  + problem
                  + ", expected one score from 0 to 1 for each text; see pipeline/REVEAL.md"
                  + " for the request and the answer")
          .hasNoCause();
    }
  }

  @Test
  void silenceEndsWithTheTimeout() {
    try (ExternalProcess oracle =
        new ExternalProcess("mine", program("silent", Duration.ofSeconds(1)))) {
      assertThatThrownBy(() -> oracle.relevance(card, responses(2)))
          .hasMessageStartingWith("External scorer mine did not answer within 1 s");
    }
  }

  @Test
  void programThatIsNotThereIsNamedByItsScorer() {
    try (ExternalProcess oracle =
        new ExternalProcess("mine", new Program(List.of("/no/such/program", "token"), LONG))) {
      assertThatThrownBy(() -> oracle.relevance(card, responses(1)))
          .hasMessageStartingWith("External scorer mine could not be started")
          .hasMessageNotContainingAny("token", "program/");
    }
  }

  @Test
  void serviceScores() throws IOException {
    try (Loopback server = new Loopback(200)) {
      ExternalService oracle = new ExternalService("mine", new Service(server.address(), LONG));
      assertThat(oracle.relevance(card, responses(3)))
          .containsExactly(score(0), score(1), score(2));
      assertThat(server.seen.get(0).at("/items/2/text").textValue()).isEqualTo(SECRET + "xx");
      assertThat(server.seen.get(0).at("/items/2/card").textValue()).isEqualTo("odile");
      assertThat(server.seen.get(0).at("/items/2/prompt").textValue()).isEqualTo("Tell me.");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 500})
  void serviceThatFailsOrRedirectsIsRefused(int status) throws IOException {
    try (Loopback server = new Loopback(status)) {
      ExternalService oracle = new ExternalService("mine", new Service(server.address(), LONG));
      assertThatThrownBy(() -> oracle.relevance(card, responses(3)))
          .hasMessageStartingWith("External scorer mine answered with status " + status);
      assertThat(server.seen).hasSize(1);
    }
  }

  @Test
  void serviceThatIsNotThereIsRefused() throws IOException {
    String address;
    try (Loopback server = new Loopback(200)) {
      address = server.address();
    }
    ExternalService oracle = new ExternalService("mine", new Service(address, LONG));
    assertThatThrownBy(() -> oracle.relevance(card, responses(1)))
        .hasMessageStartingWith("External scorer mine could not be reached: ConnectException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/score",
        "https://localhost/score",
        "http://localhost.example.org/",
        "http://127.0.0.1.example.org/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://[::ffff:10.0.0.1]/",
        "http://localhost@example.org/",
        "http://user:word@localhost/",
        "http://2130706433/",
        "ftp://localhost/",
        "file:///etc/passwd",
        "//localhost/",
        "localhost:80",
        "http://local host/",
        ""
      })
  void otherMachinesAreRefused(String address) {
    assertThatThrownBy(() -> new ExternalService("mine", new Service(address, LONG)))
        .isInstanceOf(LetheException.class)
        .hasMessageContaining("expected http:// with localhost, 127.0.0.1 or [::1]")
        .hasMessageNotContainingAny("word", "passwd");
  }

  @Test
  void scorersAreSetUpInTheConfigurationAlone() {
    OracleChoice choice = new OracleChoice.External("mine");
    OracleSettings settings =
        new OracleSettings(
            Optional.empty(), Optional.empty(), Map.of("other", program("good", LONG)));
    assertThatThrownBy(() -> RelevanceOracles.of(choice, settings, batches -> List.of()))
        .hasMessage(
            "Unknown external scorer: mine, expected one of [other]; configure it in"
                + " lethe.reveal.oracles.scorers");
    try (RelevanceOracle oracle =
        RelevanceOracles.of(new OracleChoice.External("other"), settings, batches -> List.of())) {
      assertThat(oracle).isInstanceOf(ExternalProcess.class);
    }
  }

  /** A service that scores by the length of the text. */
  private static final class Loopback implements AutoCloseable {
    private final HttpServer server;
    private final List<JsonNode> seen = new ArrayList<>();

    Loopback(int status) throws IOException {
      ObjectMapper json = new ObjectMapper();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/score",
          exchange -> {
            JsonNode request = json.readTree(exchange.getRequestBody());
            seen.add(request);
            List<Double> scores = new ArrayList<>();
            request
                .get("items")
                .forEach(item -> scores.add(item.get("text").textValue().length() % 10 / 10.0));
            byte[] body =
                json.writeValueAsString(Map.of("scores", scores)).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Location", "/score");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
    }

    String address() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/score";
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
