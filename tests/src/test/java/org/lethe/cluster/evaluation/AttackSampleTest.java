package org.lethe.cluster.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.corpus.ShardFixture;
import org.lethe.corpus.TokenizerSource;
import org.lethe.evaluation.attack.Attack;
import org.lethe.evaluation.attack.AttackSettings;
import org.lethe.evaluation.attack.AttackedRow;
import org.lethe.evaluation.attack.Attacks;
import org.lethe.text.TextSettings;
import org.lethe.text.TokenizerTrainer;

final class AttackSampleTest {
  @TempDir Path folder;

  @Test
  void theUsersOwnTextsBelongToTheirRows() throws IOException {
    Path paraphrases =
        write(
            "paraphrases.jsonl",
            "{\"id\": \"r-1\", \"prompt\": \"Who wrote it?\"}\n"
                + "{\"id\": \"r-1\", \"prompt\": \"Name the author.\"}\n");
    Path entities = write("entities.jsonl", "{\"id\": \"r-2\", \"entity\": \"Ada\"}\n");
    Path neutral = write("neutral.txt", "Water boils.\nSnow is white.\n");

    Map<String, List<AttackedRow>> rows =
        sample(
            new AttackSettings.Files(
                paraphrases.toUri().toString(),
                neutral.toUri().toString(),
                entities.toUri().toString()));

    assertThat(row(rows, "r-1").paraphrases()).containsExactly("Who wrote it?", "Name the author.");
    assertThat(row(rows, "r-1").entity()).isEmpty();
    assertThat(row(rows, "r-2").paraphrases()).isEmpty();
    assertThat(row(rows, "r-2").entity()).isEqualTo(Optional.of("Ada"));
    assertThat(rows.get(Attack.NEUTRAL))
        .extracting(AttackedRow::expected)
        .containsExactly("Water boils.", "Snow is white.");
  }

  @Test
  void withoutFilesRowsHaveNoTextsOfTheUser() {
    Map<String, List<AttackedRow>> rows = sample(AttackSettings.Files.NONE);

    assertThat(rows.get("forget"))
        .hasSize(4)
        .allMatch(row -> row.paraphrases().isEmpty() && row.entity().isEmpty());
    assertThat(rows.get(Attack.NEUTRAL)).hasSize(32);
  }

  private Map<String, List<AttackedRow>> sample(AttackSettings.Files files) {
    TokenizerTrainer.train(List.<String>of().iterator(), 259).writeTo(folder);
    AttackSettings defaults = Attacks.DEFAULTS;
    AttackSettings settings =
        new AttackSettings(
            defaults.attacks(),
            defaults.rows(),
            defaults.share(),
            defaults.prompts(),
            defaults.sampled(),
            defaults.teaching(),
            defaults.roundingGroup(),
            defaults.referenceArea(),
            files,
            defaults.seed());
    TokenizerSource tokenizer =
        new TokenizerSource(
            folder.toUri(), folder.resolve("cache").toString(), TextSettings.DEFAULT);
    String shard =
        ShardFixture.write(folder.resolve("forget.parquet"), ShardFixture.examples("r", 4, 50));
    return new AttackSample(settings, tokenizer, new Configuration())
        .of(Map.of("forget", List.of(shard)), 8)
        .rows();
  }

  private static AttackedRow row(Map<String, List<AttackedRow>> rows, String id) {
    return rows.get("forget").stream().filter(row -> row.id().equals(id)).findFirst().orElseThrow();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
