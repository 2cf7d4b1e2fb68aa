package org.lethe.corpus;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.Form;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.PromptId;
import org.lethe.reveal.Response;

/**
 * Files of prompts, of responses, and of responses with oracle scores. Their texts are personal
 * data. Rows are ordered by card, arm and number, so the bytes do not depend on which worker
 * computed them.
 */
public final class CandidateRows {
  /** Card, arm, number. */
  public static final Comparator<PromptId> ORDER =
      Comparator.comparing(PromptId::card)
          .thenComparing(PromptId::arm)
          .thenComparing(PromptId::number);

  static final RowSchema SCHEMA =
      RowSchema.of(
          "candidate",
          Column.string("card"),
          Column.integer("arm"),
          Column.integer("number"),
          Column.string("form"),
          Column.string("attribute").optional(),
          Column.string("system"),
          Column.string("frame"),
          Column.string("ask"),
          Column.string("opener"),
          Column.real("temperature"),
          Column.integer("seed"),
          Column.string("text").optional(),
          Column.real("relevance").optional(),
          Column.real("contrast").optional());

  private CandidateRows() {}

  /** - */
  public static void writePrompts(Collection<Prompt> prompts, Path file, Configuration hadoop) {
    write(prompts, p -> p, p -> row(p, Optional.empty()), file, hadoop);
  }

  /** - */
  public static List<Prompt> readPrompts(Path file, Configuration hadoop) {
    return RowFiles.read(SCHEMA, file, hadoop, CandidateRows::prompt);
  }

  /** - */
  public static void writeResponses(
      Collection<Response> responses, Path file, Configuration hadoop) {
    write(responses, Response::prompt, r -> row(r.prompt(), Optional.of(r.text())), file, hadoop);
  }

  /** - */
  public static List<Response> readResponses(Path file, Configuration hadoop) {
    return RowFiles.read(SCHEMA, file, hadoop, CandidateRows::response);
  }

  /** - */
  public static void write(List<Candidate> candidates, Path file, Configuration hadoop) {
    write(
        candidates,
        c -> c.response().prompt(),
        c ->
            row(
                c.response().prompt(),
                Optional.of(c.response().text()),
                Optional.of(c.relevance()),
                c.contrast().stream().boxed().findFirst()),
        file,
        hadoop);
  }

  /** - */
  public static List<Candidate> read(Path file, Configuration hadoop) {
    return RowFiles.read(SCHEMA, file, hadoop, CandidateRows::candidate);
  }

  /** Writes one row for each value, in the order of their prompts. */
  private static <T> void write(
      Collection<T> values,
      Function<T, Prompt> prompt,
      Function<T, Row> row,
      Path file,
      Configuration hadoop) {
    Comparator<T> order = Comparator.comparing(value -> prompt.apply(value).id(), ORDER);
    RowFiles.write(SCHEMA, values.stream().sorted(order).map(row).iterator(), file, hadoop);
  }

  private static Row row(Prompt prompt, Optional<String> text) {
    return row(prompt, text, Optional.empty(), Optional.empty());
  }

  private static Row row(
      Prompt prompt, Optional<String> text, Optional<Double> relevance, Optional<Double> contrast) {
    return SCHEMA.row(
        prompt.id().card(),
        prompt.id().arm(),
        prompt.id().number(),
        prompt.form().name(),
        prompt.attribute(),
        prompt.system(),
        prompt.frame(),
        prompt.ask(),
        prompt.opener(),
        prompt.temperature(),
        prompt.seed(),
        text,
        relevance,
        contrast);
  }

  private static Candidate candidate(Row row) {
    return new Candidate(response(row), row.real("relevance"), row.optionalReal("contrast"));
  }

  private static Response response(Row row) {
    return new Response(prompt(row), row.optionalString("text").orElseThrow());
  }

  private static Prompt prompt(Row row) {
    return new Prompt(
        new PromptId(
            row.string("card"),
            Math.toIntExact(row.integer("arm")),
            Math.toIntExact(row.integer("number"))),
        Form.valueOf(row.string("form")),
        row.optionalString("attribute"),
        row.string("system"),
        row.string("frame"),
        row.string("ask"),
        row.string("opener"),
        row.real("temperature"),
        row.integer("seed"));
  }
}
