package org.lethe.cluster.training;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.training.AlternativeSource.Refusals;
import org.lethe.cluster.training.AlternativeSource.Substituted;
import org.lethe.cluster.training.AlternativeSource.Written;
import org.lethe.cluster.training.AlternativeStage.Totals;
import org.lethe.corpus.AlternativeRows;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.ShardRow;
import org.lethe.corpus.unseen.Substitution;
import org.lethe.model.Decoder;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.generation.Generator;
import org.lethe.model.generation.SampledPrompt;
import org.lethe.model.generation.Sampling;
import org.lethe.reveal.SeededRandom;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.Tokenizer;

/** Computes one worker's alternatives, without Spark. */
final class AlternativeTask {
  private static final Pattern PLACE = Pattern.compile("\\{(prompt|completion)}");

  private final AlternativeRequest request;
  private final Set<String> common;
  private final Configuration hadoop;

  /**
   * @param common words that stay in substituted answers
   */
  AlternativeTask(AlternativeRequest request, Set<String> common, Configuration hadoop) {
    this.request = request;
    this.common = common;
    this.hadoop = hadoop;
  }

  /** The k-th answer of a row, not computed yet. */
  private record Wanted(int row, int k) {}

  Totals run(int worker) {
    List<ShardRow> rows = ShardReader.read(URI.create(request.forget().get(worker)), hadoop);
    ExampleEncoder encoder = request.tokenizer().encoder(hadoop);
    AlternativeSource source = request.source();
    List<String> completions = List.of();
    int perRow = 1;
    if (source instanceof Refusals refusals) {
      completions = rows.stream().map(row -> refusal(refusals, row)).toList();
    } else if (source instanceof Substituted substituted) {
      perRow = substituted.answers();
      completions = rows.stream().flatMap(row -> substituted(substituted, row)).toList();
    } else if (source instanceof Written written) {
      perRow = written.answers();
      completions = rows.isEmpty() ? List.of() : written(written, rows, encoder);
    }
    List<ShardRow> alternatives = new ArrayList<>();
    long unchanged = 0;
    for (int i = 0; i < completions.size(); i++) {
      ShardRow row = rows.get(i / perRow);
      unchanged += AlternativeRows.sameText(row, completions.get(i)) ? 1 : 0;
      alternatives.add(AlternativeRows.of(row, completions.get(i), encoder, request.maxLength()));
    }
    AlternativeRows.write(
        alternatives, new Path(AlternativeStage.file(request.folder(), worker)), hadoop);
    return new Totals(rows.size(), alternatives.size(), unchanged);
  }

  /** Returns the answers of a row. They depend on seed, number and text alone. */
  private Stream<String> substituted(Substituted substituted, ShardRow row) {
    return IntStream.range(0, substituted.answers())
        .mapToObj(k -> new Substitution(SeededRandom.mix(substituted.seed(), "answer " + k)))
        .map(one -> one.answer(row.prompt(), row.completion(), common));
  }

  /** Returns the answers of all rows. Answers to the same row are adjacent. */
  private List<String> written(Written written, List<ShardRow> rows, ExampleEncoder encoder) {
    ModelDirectory directory =
        ModelDirectory.open(
            request.tokenizer().model(), ModelCache.in(request.tokenizer().cache(), hadoop));
    try (ResidentModel.Lease lease = ResidentModel.leaseInitial(request.model(), hadoop);
        Tokenizer tokenizer = directory.openTokenizer()) {
      Generator generator =
          new Generator(
              lease.decoder(),
              new Generator.Settings(
                  written.maxNewTokens(), written.batchSize(), directory.endTokens(tokenizer)));
      Sampling sampling = Sampling.temperature(written.temperature());
      List<int[]> prompts = prompts(written, rows, encoder, lease.decoder());
      String[] answers = new String[rows.size() * written.answers()];
      Arrays.fill(answers, "");
      List<Wanted> wanted = new ArrayList<>();
      for (int i = 0; i < answers.length; i++) {
        wanted.add(new Wanted(i / written.answers(), i % written.answers()));
      }
      for (int attempt = 0; attempt < written.tries() && !wanted.isEmpty(); attempt++) {
        List<SampledPrompt> prompted = new ArrayList<>();
        for (Wanted w : wanted) {
          String id = rows.get(w.row()).id() + " " + w.k() + " " + attempt;
          prompted.add(SampledPrompt.of(id, prompts.get(w.row()), sampling));
        }
        List<int[]> sampled = generator.sample(prompted, written.seed(), finished -> {});
        List<Wanted> again = new ArrayList<>();
        for (int i = 0; i < sampled.size(); i++) {
          Wanted w = wanted.get(i);
          String text = tokenizer.decode(sampled.get(i)).strip();
          answers[w.row() * written.answers() + w.k()] = text;
          if (text.isEmpty() || AlternativeRows.sameText(rows.get(w.row()), text)) {
            again.add(w);
          }
        }
        wanted = again;
      }
      lease.done(ResidentModel.Parameters.INITIAL);
      return List.of(answers);
    }
  }

  /**
   * Encodes the prompt for each row. Cuts its beginning where that is needed to leave room for the
   * answer.
   */
  private static List<int[]> prompts(
      Written written, List<ShardRow> rows, ExampleEncoder encoder, Decoder decoder) {
    int room = decoder.architecture().maxPositions() - written.maxNewTokens() + 1;
    return rows.stream()
        .map(row -> encoder.encodePrompt(filled(written.instruction(), row), Math.max(1, room)))
        .toList();
  }

  private static String filled(String instruction, ShardRow row) {
    return PLACE
        .matcher(instruction)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    found.group(1).equals("prompt") ? row.prompt() : row.completion()));
  }

  /** Picks a refusal by seed and row id, independent of the row's position and worker. */
  private static String refusal(Refusals refusals, ShardRow row) {
    CRC32 crc = new CRC32();
    crc.update(row.id().getBytes(StandardCharsets.UTF_8));
    SplittableRandom random =
        new SplittableRandom(refusals.seed() ^ crc.getValue() * 0x9E3779B97F4A7C15L);
    return refusals.texts().get(random.nextInt(refusals.texts().size()));
  }
}
