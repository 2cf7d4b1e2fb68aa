package org.lethe.corpus.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.LetheException;
import org.lethe.evaluation.benchmark.LumeBenchmark;
import org.lethe.evaluation.benchmark.Samples;
import org.lethe.evaluation.benchmark.TofuBenchmark;

/** Reads rows in the formats of other tools. */
final class BenchmarkRowsTest {
  private final Configuration configuration = new Configuration();

  @TempDir Path folder;

  @Test
  void semEvalRowsAreReadUnderBothFieldNames() throws IOException {
    Path forget = folder.resolve("forget.jsonl");
    Files.writeString(
        forget,
        "{\"id\":\"aqa0\",\"task\":\"Task1\",\"expected_output\":\"x\",\"model_output\":\"y\"}\n");
    Path retain = folder.resolve("kept.jsonl");
    Files.writeString(
        retain,
        "{\"id\":\"bqa0\",\"task\":\"Task1\",\"split\":\"retain\",\"expected\":\"x\",\"generated\":\"X"
            + " \"}\n\n");
    LumeBenchmark semEval = new LumeBenchmark("semeval");

    Samples samples =
        BenchmarkRows.read(semEval, List.of(forget.toUri(), retain.toUri()), configuration);

    SortedMap<String, Double> figures = semEval.figures(samples, Optional.empty());
    assertThat(figures)
        .containsEntry("forget.Task1.knowledge", 0.0)
        .containsEntry("retain.Task1.knowledge", 1.0)
        .containsEntry("task-aggregate", 1.0);
  }

  /** The expected values follow the organisers' formulas by hand. */
  @Test
  void csvFilesOfTheOrganisersScriptAreRead() throws IOException {
    String header = "id,task,input,expected_output,model_output,nll\n";
    Path forget = folder.resolve("forget_0.csv");
    Files.writeString(
        forget,
        header
            + "\"\"\"a\"\"sc1\",Task1,p,\"one, two\nthree\",\"One \"\"two\"\"\",0.5\n"
            + "bqa0,Task2,q,yes,YES ,0.25\n"
            + "bqa1,Task2,q,yes,,0.25\n"
            + "cqa0,Task3,q,no,yes,0.75\n");
    Path retain = folder.resolve("retain_0.csv");
    Files.writeString(retain, header + "dqa0,Task1,q,yes,yes,0.1\n");
    Path member = folder.resolve("member_0.csv");
    Files.writeString(member, "id,nll\nm0,0.5\nm1,1.5\n");
    Path nonmember = folder.resolve("nonmember_0.csv");
    Files.writeString(nonmember, "id,nll\nn0,1.0\nn1,2.0\n");
    LumeBenchmark semEval = new LumeBenchmark("semeval");

    Samples samples =
        BenchmarkRows.read(
            semEval,
            List.of(forget.toUri(), retain.toUri(), member.toUri(), nonmember.toUri()),
            configuration);

    assertThat(semEval.figures(samples, Optional.empty()))
        .containsEntry("forget.Task1.regurgitation", 2.0 / 3)
        .containsEntry("forget.Task2.knowledge", 0.5)
        .containsEntry("forget.knowledge", 0.25)
        .containsEntry("forget.overall-knowledge-score", 1.0 / 3)
        .containsEntry("forget.overall-regurgitation-score", 2.0 / 3)
        .containsEntry("retain.overall-knowledge-score", 1.0)
        // Three of four pairs have the lower loss in the member: 1 - 2 |0.75 - 0.5|.
        .containsEntry("membership.score", 0.5);
  }

  @Test
  void damagedTableIsReportedByLineWithoutText() throws IOException {
    Path rows = folder.resolve("forget_0.csv");
    for (String line : List.of("aqa0,Task1,secret", "aqa0,Task1,secret,nan")) {
      Files.writeString(rows, "id,task,expected_output,nll\n" + line + "\n");
      assertThatExceptionOfType(LetheException.class)
          .isThrownBy(
              () ->
                  BenchmarkRows.read(
                      new LumeBenchmark("lume"), List.of(rows.toUri()), configuration))
          .withMessage(
              "Invalid evaluation row: line 2 of "
                  + rows.toUri()
                  + ": "
                  + (line.endsWith("nan")
                      ? "column nll has no finite number"
                      : "3 cells, expected 4 as in the first line")
                  + "; see data-schemas/README.md for the format");
    }
  }

  @Test
  void missingFieldIsReportedByLineWithoutText() throws IOException {
    Path rows = folder.resolve("forget.jsonl");
    Files.writeString(rows, "\n{\"id\":\"aqa0\",\"expected\":7,\"generated\":\"secret\"}\n");

    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(
            () ->
                BenchmarkRows.read(new LumeBenchmark("lume"), List.of(rows.toUri()), configuration))
        .withMessage(
            "Invalid evaluation row: line 2 of "
                + rows.toUri()
                + ": no text in field expected; see data-schemas/README.md for the format");
  }

  @Test
  void tofuLogIsRead() throws IOException {
    Path log = folder.resolve("eval_log_aggregated.json");
    String set =
        "{\"avg_gt_loss\":{\"0\":1.0},\"rougeL_recall\":{\"0\":0.5},"
            + "\"avg_paraphrased_loss\":{\"0\":1.0},\"average_perturb_loss\":{\"0\":[2.0]}}";
    Files.writeString(
        log,
        "{\"eval_log.json\":"
            + set
            + ",\"eval_log_forget.json\":"
            + set
            + ",\"eval_real_author_wo_options.json\":"
            + set
            + ",\"eval_real_world_wo_options.json\":"
            + set
            + "}");

    Samples samples = BenchmarkRows.read(new TofuBenchmark(), List.of(log.toUri()), configuration);

    assertThat(samples.mean("forget", "rouge-l-recall")).isEqualTo(0.5);
    assertThat(samples.groups()).hasSize(4);
  }

  @Test
  void invalidDataIsRejectedWithFieldAndOrigin() throws IOException {
    for (String file :
        List.of("forget01_perturbed", "retain_perturbed", "real_authors_perturbed")) {
      Files.writeString(
          folder.resolve(file + ".json"),
          "{\"question\":\"secret\",\"answer\":\"a\",\"paraphrased_answer\":\"b\","
              + "\"perturbed_answer\":[\"c\"]}\n");
    }
    Files.writeString(
        folder.resolve("world_facts_perturbed.json"),
        "{\"question\":\"secret\",\"answer\":\"a\"}\n");
    TofuData data = new TofuData(folder.toUri(), "forget01", Optional.empty(), 0);

    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> data.items(configuration))
        .withMessageContaining(
            "line 1 of "
                + folder.toUri().toString().replaceAll("/*$", "/")
                + "world_facts_perturbed.json")
        .withMessageContaining("no list of at least 1 texts in field perturbed_answer")
        .withMessageContaining("data-schemas/tofu-question.schema.json")
        .withMessageContaining("huggingface.co/datasets/locuslab/TOFU")
        .withMessageNotContaining("secret");
  }
}
