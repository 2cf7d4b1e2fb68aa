package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.jobs.PipelineFixture.Ended;

/** Mistakes on the command line, with a secret in them: neither printed nor written. */
final class SecretMessagesTest {
  private static final String SECRET = "Zq7secretZq7";
  private static final String KEY = "spark.hadoop.fs.s3a.secret.key";

  @TempDir private Path folder;

  /** Words of one command, apart; RUN and SECRET are replaced. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "shard|--run-dir|RUN|--set|lethe.spark.settings.\"KEY\"=\"SECRET unfinished",
        "shard|--run-dir|RUN|--set|lethe.spark.settings=SECRET",
        "shard|--run-dir|RUN|--set|lethe.spark.settings.\"KEY\" SECRET",
        "shard|--run-dir|RUN|--set|lethe.spark.setting.\"KEY\"=SECRET",
        "shard|--run-dir|RUN|--set|KEY=SECRET",
        "shard|--run-dir|RUN|KEY=SECRET",
        "shard|--run-dir|RUN|--secret-key|SECRET",
        "shard|--run-dir|RUN|--secret-key=SECRET",
        "shard|--run-dir|RUN|--config|nofs://user:SECRET@host/lethe.conf",
        "shard|--run-dir|nofs://user:SECRET@host/run",
        "status|nofs://user:SECRET@host/run?sig=SECRET",
        "unlock|nofs://user:SECRET@host/run?sig=SECRET",
        "verify|nofs://user:SECRET@host/run?sig=SECRET",
      })
  void aMistakeShowsNoSecret(String words) throws IOException {
    String run = folder.resolve("run").toString();
    List<String> arguments =
        new ArrayList<>(
            Arrays.stream(words.split("[|]"))
                .map(word -> word.replace("RUN", run).replace("KEY", KEY))
                .map(word -> word.replace("SECRET", SECRET))
                .toList());
    Ended ended = new PipelineFixture(folder).execute(arguments);
    assertThat(ended.status()).isNotZero();
    assertThat(ended.out() + ended.err()).doesNotContain(SECRET).doesNotContain("defect");
    Path result = folder.resolve("run/result.json");
    if (Files.exists(result)) {
      assertThat(result).content().doesNotContain(SECRET);
    }
  }

  /** What a user needs to find the mistake stays. */
  @Test
  void namesAreShown() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder);
    assertThat(fixture.execute(List.of("shard", "--secret-key", SECRET)).err())
        .contains("'--secret-key', '*****'");
    assertThat(fixture.execute(List.of("status", "nofs://me:" + SECRET + "@host/run")).err())
        .contains("nofs://*****@host/run");
  }
}
