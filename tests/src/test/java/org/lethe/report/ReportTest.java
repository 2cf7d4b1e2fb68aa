package org.lethe.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.reveal.RevealReport.CardReport;
import org.lethe.cluster.reveal.RevealReport.FilterCounts;
import org.lethe.cluster.reveal.RevealStep.Trial;
import org.lethe.reveal.search.Choice.Belief;
import org.lethe.reveal.search.Reward;
import org.lethe.reveal.search.SearchSettings.Strategy;
import org.lethe.reveal.search.WeightSearch.Point;
import org.lethe.run.ChosenWeight;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.ErasureRecord.ExampleRow;
import org.lethe.run.Iterations;
import org.xml.sax.InputSource;

final class ReportTest {
  @Test
  void theReportShowsFiguresGatesAndPlots() {
    String html = Report.html(ReportSample.record(Decision.RELEASED), ReportSample.rounds(20));
    assertThat(html)
        .contains("Released")
        .contains("98.1 %", "11.4 %")
        .contains("at least 75 % of before")
        .contains("person-007-phone")
        .contains("not a certificate of erasure");
    assertThat(Pattern.compile("class=\"chart\"").matcher(html).results()).hasSize(6);
  }

  @Test
  void figureWithoutValueIsShownWithItsReason() {
    ErasureRecord record = ReportSample.undefined();
    String html = Report.html(record, List.of());

    assertThat(html)
        .contains("<td class=\"n now\">not measured</td>")
        .contains("Not measured: 2 of 9 rows: generation ended before")
        .contains("It was not measured after unlearning (2 of 9 rows: generation ended before");
  }

  @Test
  void lossWithoutExamplesHasNoChart() {
    List<JsonNode> rounds = ReportSample.rounds(5);
    rounds.forEach(round -> ((ObjectNode) round).put("retain_examples", 0));

    assertThat(Report.html(ReportSample.record(Decision.RELEASED), rounds))
        .contains("<h3>Forget loss</h3>")
        .doesNotContain("<h3>Retain loss</h3>");
  }

  @Test
  void reportNamesTheMethod() {
    SortedMap<String, String> configuration =
        new TreeMap<>(
            Map.of(
                "lethe.unlearn.direction", "blur",
                "lethe.unlearn.forget-loss", "npo",
                "lethe.unlearn.workers", "2",
                "lethe.reveal.cards", "[]",
                "lethe.reveal.release.method", "arithmetic",
                "lethe.reveal.release.arithmetic.variant", "ext-sub"));
    assertThat(ReportModel.method(configuration))
        .isEqualTo("BLUR over NPO, full training, 2 workers");

    configuration.put("lethe.reveal.cards", "[\"cards.json\"]");
    assertThat(ReportModel.method(configuration))
        .isEqualTo("Adapter arithmetic (ext-sub), 2 workers");
  }

  @Test
  void consecutiveRequestsHaveATable() {
    String html = Report.html(ReportSample.sequence(), List.of());
    String table = html.substring(html.indexOf("<h2>Requests"), html.indexOf("<h2>Before"));

    assertThat(table)
        .contains("After DSR-1", "After DSR-2", "After DSR-3", "2 of 2")
        .contains("href=\"requests/DSR-1/report.html\"")
        .contains("own-text\">4.0 %", "good-text\">5.0 %", "bad-text\">21.0 %");
    assertThat(html).doesNotContain("No gates are set", "<h2>Gates");
    assertThat(Report.html(ReportSample.record(Decision.RELEASED), List.of()))
        .doesNotContain("<h2>Requests");
  }

  @Test
  void revealSectionShowsSearchOutcomesAndIterations() {
    RevealSection section =
        new RevealSection(
            Optional.of(
                new Iterations(
                    1,
                    recited(0.8, 0.1),
                    List.of(
                        new Iterations.Line(
                            1, "iterations/01", 16, 4, new TreeMap<>(), recited(0.4, 0.1)),
                        new Iterations.Line(
                            2, "iterations/02", 16, 2, new TreeMap<>(), recited(0.11, 0.1))),
                    "iterations/02",
                    "FORGOTTEN")),
            List.of(revealed(3, 1200), revealed(2, 7)),
            List.of(),
            List.of(revealed(2, 0)));
    String html =
        Report.html(
            ReportSample.record(Decision.RELEASED), List.of(), section, MonitorSection.NONE);

    String table = html.substring(html.indexOf("<h2>Iterations"), html.indexOf("<h2>Before"));
    assertThat(table)
        .contains("After 2", "80.0 %", "40.0 %", "11.0 %", "Reason to stop: forgotten")
        .contains("iterations/02", "dropped: no agreement", "1,200", "greedy search")
        .contains(
            "aria-label=\"Reward over pulls\"",
            "aria-label=\"Vendi score over blocks\"",
            "aria-label=\"Mean reward so far by strategy\"",
            ">greedy × 2</text>",
            ">pull</text>",
            "<title>pull 1, ");
    assertThat(Report.html(ReportSample.record(Decision.RELEASED), List.of()))
        .doesNotContain("<h2>What the model revealed");
  }

  @Test
  void weightTableMarksTheChosenWeight() {
    ChosenWeight search =
        new ChosenWeight(
            ChosenWeight.FORMAT,
            "ext-sub",
            0.2,
            OptionalDouble.of(1),
            new Point(0, 0.6, 0.1),
            List.of(new Point(0.2, 0.5, 0.19), new Point(0.4, 0.4, 0.35)));

    String html = weights(List.of(search));
    assertThat(html)
        .contains("(ext-sub)", "is added with factor 1.00")
        .contains(
            row("0.00", "60.0 %", "0.100", "+0.000", ""),
            row("0.20", "50.0 %", "0.190", "+0.090", "chosen"),
            row("0.40", "40.0 %", "0.350", "+0.250", ""))
        .doesNotContain("Iteration 1</td>", "Mean reward so far by strategy");
    assertThat(weights(List.of(search, search))).contains("Iteration 1</td>", "Iteration 2</td>");
    assertThat(weights(List.of())).doesNotContain("Module arithmetic");
  }

  private static String weights(List<ChosenWeight> chosen) {
    RevealSection section =
        new RevealSection(Optional.empty(), List.of(revealed(1, 0)), chosen, List.of());
    return Report.html(
        ReportSample.record(Decision.RELEASED), List.of(), section, MonitorSection.NONE);
  }

  private static String row(String... cells) {
    String numbers =
        Stream.of(cells)
            .limit(4)
            .map(cell -> "<td class=\"n\">" + cell + "</td>")
            .collect(Collectors.joining());
    return "<tr>" + numbers + "<td>" + cells[4] + "</td></tr>";
  }

  private static SortedMap<String, Double> recited(double subjects, double substitutes) {
    return new TreeMap<>(
        Map.of(
            "forget.rouge-l-recall", subjects, "substituted-forget.rouge-l-recall", substitutes));
  }

  private static RevealReport revealed(int pulls, int disagreeing) {
    List<Trial> asks = new ArrayList<>();
    for (int i = 0; i < pulls; i++) {
      asks.add(
          new Trial(
              "a",
              i,
              "question/free/plain/0.80",
              0,
              8,
              4,
              90,
              Optional.of(new Reward(0.2 * i, 0.5, 0.4, 0.4)),
              i == 0 ? Optional.empty() : Optional.of(new Belief(0.3, 0.1, 0.1, 0.1))));
    }
    return new RevealReport(
        1,
        Strategy.GREEDY,
        List.of(
            new CardReport(
                "a",
                9,
                asks,
                List.of(0),
                16,
                90,
                List.of(2.5, 3.0),
                "PULLS",
                "PROMPTS",
                new FilterCounts(1300, 3, new TreeMap<>(Map.of("no-agreement", disagreeing))),
                List.of(),
                3,
                1,
                0.2,
                2,
                1)),
        List.of());
  }

  @Test
  void refusedModelIsShownAsRefused() {
    String html = Report.html(ReportSample.record(Decision.REFUSED), List.of());
    assertThat(html)
        .contains("<span class=\"badge bad\">Refused</span>")
        .contains("The model is not released; it is kept in <code>model.refused</code>")
        .doesNotContain("class=\"chart\"");
  }

  @Test
  void pageLoadsNothingAndRunsNoScript() {
    String html = Report.html(ReportSample.record(Decision.RELEASED), ReportSample.rounds(5));
    assertThat(html).doesNotContain("<script", "http://", "https://", "src=", "@import", "url(");
    assertThat(html).contains("default-src 'none'");
  }

  @Test
  void textOfDocumentsIsEscaped() {
    ErasureRecord sample = ReportSample.record(Decision.RELEASED);
    String hostile = "<img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}";
    ErasureRecord record =
        new ErasureRecord(
            1,
            sample.statement(),
            sample.runId(),
            hostile,
            sample.created(),
            sample.decision(),
            sample.modelPath(),
            sample.inputModel(),
            sample.outputModel(),
            new TreeMap<>(Map.of(hostile, hostile)),
            sample.counts(),
            sample.code(),
            sample.configurationDigest(),
            sample.configuration(),
            sample.before(),
            sample.after(),
            sample.notMeasured(),
            sample.gates(),
            List.of(new ExampleRow(hostile, "forget", new TreeMap<>(), new TreeMap<>())),
            sample.limits(),
            sample.accountability(),
            sample.unlearning(),
            sample.evidence(),
            List.of());
    String html = Report.html(record, ReportSample.rounds(2));
    assertThat(html).doesNotContain("<img").contains("&lt;img").contains("7 * 7");
  }

  @Test
  void plotsAreWellFormedAndEveryLineEndsInItsLabel() throws Exception {
    String html = Report.html(ReportSample.record(Decision.RELEASED), ReportSample.rounds(50));
    Matcher charts = Pattern.compile("<svg class=\"chart\".*?</svg>", Pattern.DOTALL).matcher(html);
    int found = 0;
    while (charts.find()) {
      found++;
      var document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(charts.group())));
      int lines = document.getElementsByTagName("path").getLength();
      assertThat(charts.group().split("class=\"label ", -1)).hasSize(lines + 1);
      assertThat(charts.group()).doesNotContain("NaN", "Infinity");
    }
    assertThat(found).isEqualTo(6);
  }

  @Test
  void everyLayerHasARowInTheThreeHeatMaps() throws Exception {
    String html = Report.html(ReportSample.record(Decision.RELEASED), ReportSample.rounds(20));
    Matcher maps =
        Pattern.compile("<svg class=\"chart heat\".*?</svg>", Pattern.DOTALL).matcher(html);
    int found = 0;
    while (maps.find()) {
      found++;
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(maps.group())));
      assertThat(maps.group())
          .contains(">embed_tokens</text>", ">layers.5</text>", ">norm</text>")
          .doesNotContain("NaN", "Infinity");
      assertThat(maps.group().split("<title>", -1)).hasSize(8 * 20 + 1);
    }
    assertThat(found).isEqualTo(3);
  }

  @Test
  void heatMapColoursSignsAndSkipsNaN() {
    String svg =
        new HeatMap(
                "t",
                HeatMap.Shading.COSINE,
                440,
                List.of("a", "b"),
                1,
                List.of(new double[] {-0.5, 0.25}, new double[] {Double.NaN, 0}))
            .svg();
    String cells = svg.substring(0, svg.lastIndexOf("</g>"));

    assertThat(cells.split("class=\"cell ", -1)).hasSize(4);
    assertThat(cells)
        .contains("class=\"cell forget\"", "fill-opacity=\"1.00\"><title>a, round 1: -0.500")
        .contains("fill-opacity=\"0.53\"><title>a, round 2: 0.250");
  }

  @Test
  void manyRoundsShareColumnsAndManyLayersNames() {
    List<String> names = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      names.add("layers." + i);
      values.add(new Random(i).doubles(1000, 1e-3, 10).toArray());
    }
    String svg = new HeatMap("t", HeatMap.Shading.FORGET_NORM, 440, names, 1, values).svg();

    assertThat(svg).hasSizeLessThan(700_000).doesNotContain("<title>");
    assertThat(svg).contains(">layers.0<", ">layers.79<", ">1000<").doesNotContain(">layers.1<");
  }

  @Test
  void roundsWithoutLayersHaveNoHeatMap() {
    List<JsonNode> rounds = ReportSample.rounds(3);
    rounds.forEach(line -> ((ObjectNode) line).remove("layers"));

    assertThat(Report.html(ReportSample.record(Decision.RELEASED), rounds))
        .doesNotContain("By layer");
  }

  @Test
  void nonFiniteValuesLeaveAGap() {
    double[] x = {1, 2, 3, 4};
    String svg =
        new LineChart(
                "t",
                LineChart.Scale.LOGARITHMIC,
                "round",
                List.of(new LineChart.Series("a", "accent", x, new double[] {1, 0, 10, 100})))
            .svg();
    assertThat(svg).containsPattern("d=\"M[\\d. ]+M[\\d. ]+L[\\d. ]+\"");
    assertThat(
            new LineChart(
                    "t",
                    LineChart.Scale.LINEAR,
                    "round",
                    List.of(new LineChart.Series("a", "accent", x, new double[4])))
                .svg())
        .contains("<path");
    assertThat(
            new LineChart(
                    "t",
                    LineChart.Scale.LOGARITHMIC,
                    "round",
                    List.of(new LineChart.Series("a", "accent", x, new double[4])))
                .svg())
        .isEmpty();
  }

  @Test
  void axesUseRoundNumbers() {
    assertThat(Axis.linear(0.03, 13.2, 4).ticks()).containsExactly(0.0, 5.0, 10.0, 15.0);
    assertThat(Axis.logarithmic(0.002, 40).ticks()).hasSize(6);
    assertThat(Axis.linear(3, 3, 4).place(3)).isEqualTo(0.5, within(1e-9));
    assertThat(Axis.label(-0.25)).isEqualTo("−0.25");
    assertThat(Axis.label(1e-6)).isEqualTo("10⁻⁶");
    assertThat(Axis.label(2.5e7)).isEqualTo("2.5·10⁷");
  }

  @Test
  void goodDirectionDependsOnTheSet() {
    assertThat(FigureText.ROUGE_L_RECALL.isLowerBetter("forget")).isTrue();
    assertThat(FigureText.ROUGE_L_RECALL.isLowerBetter("retain")).isFalse();
    assertThat(FigureText.LOSS.isLowerBetter("forget")).isFalse();
    assertThat(FigureText.REPETITION.isLowerBetter("forget")).isTrue();
  }
}
