package org.lethe.cluster.reveal;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.reveal.RevealReport.CardReport;
import org.lethe.cluster.reveal.RevealReport.FilterCounts;
import org.lethe.corpus.RevealedRows;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.error.ClusterErrors;
import org.lethe.error.RunErrors;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.HeldOutFacts;
import org.lethe.reveal.RevealedRow;
import org.lethe.reveal.filter.Filters;
import org.lethe.reveal.oracle.Contrast;
import org.lethe.reveal.oracle.Contrast.CardResponses;
import org.lethe.reveal.oracle.Contrast.Score;
import org.lethe.reveal.search.RevealStop;
import org.lethe.run.Documents;
import org.lethe.store.FileSystems;

/** Filters the candidates, holds facts out, and writes both as corpora. */
public final class RevealedCorpus {
  private final RevealPlan plan;
  private final Path folder;
  private final Configuration hadoop;
  private final Contrast contrast;
  private final List<RevealedRow> training = new ArrayList<>();
  private final List<RevealedRow> heldOut = new ArrayList<>();
  private final List<RevealedRow> substituted = new ArrayList<>();

  RevealedCorpus(RevealPlan plan, Path folder, Configuration hadoop, Contrast contrast) {
    this.contrast = contrast;
    this.plan = plan;
    this.folder = folder;
    this.hadoop = hadoop;
  }

  /** File of the rows for training. */
  public static Path training(Path folder, CorpusSet set) {
    return new Path(folder, set.label() + ".parquet");
  }

  /** File of the rows of held-out facts, for evaluation. */
  public static Path heldOut(Path folder, CorpusSet set) {
    return new Path(folder, "held-out-" + set.label() + ".parquet");
  }

  /** File of the held-out forget rows with substitute names. */
  public static Path substituted(Path folder) {
    return new Path(folder, "held-out-substituted.parquet");
  }

  RevealReport write(List<CardSearch> cards, List<CardSearch> neighbours) {
    List<CardReport> forget = write(cards, CorpusSet.FORGET);
    write(substituted, substituted(folder));
    List<CardReport> retain = write(neighbours, CorpusSet.RETAIN);
    RevealReport report =
        new RevealReport(RevealReport.FORMAT, plan.settings().search().strategy(), forget, retain);
    try {
      Documents.write(FileSystems.of(folder, hadoop), new Path(folder, RevealReport.FILE), report);
    } catch (java.io.IOException e) {
      throw RunErrors.io("opening", folder.toString(), e);
    }
    if (forget.stream().mapToInt(CardReport::rows).sum() == 0) {
      throw ClusterErrors.nothingRevealed(
          cards.size(), forget.stream().mapToLong(CardReport::prompts).sum());
    }
    return report;
  }

  private List<CardReport> write(List<CardSearch> searches, CorpusSet set) {
    training.clear();
    heldOut.clear();
    double share =
        set == CorpusSet.FORGET ? plan.settings().heldOut() : plan.settings().neighboursHeldOut();
    List<CardReport> reports = searches.stream().map(search -> cut(search, share)).toList();
    write(training, training(folder, set));
    write(heldOut, heldOut(folder, set));
    return reports;
  }

  private void write(List<RevealedRow> rows, Path file) {
    RevealedRows.write(
        rows.stream().map(row -> row.withPrefix(plan.idPrefix())).toList(),
        plan.fields(),
        file,
        hadoop);
  }

  private CardReport cut(CardSearch search, double share) {
    Filters filters = new Filters(plan.settings().filters());
    Filters.Result result = filters.apply(search.card(), measured(search, filters));
    long seed = plan.settings().seed();
    RevealPlan.Earlier earlier = plan.earlier().get(search.card().id());
    HeldOutFacts facts =
        earlier == null
            ? HeldOutFacts.cut(search.card(), result.kept(), share, seed)
            : HeldOutFacts.cutBelow(search.card(), result.kept(), earlier.heldOutBelow(), seed);
    training.addAll(facts.training());
    heldOut.addAll(facts.heldOut());
    substituted.addAll(facts.substituted(search.card()));
    return new CardReport(
        search.card().id(),
        search.arms().size(),
        search.pulls(),
        search.best(),
        search.prompts(),
        search.tokens(),
        search.vendi(),
        search.searchEnd().map(RevealStop.Reason::name).orElse(""),
        search.end().map(RevealStop.Reason::name).orElse(""),
        FilterCounts.of(result.report()),
        result.claims(),
        facts.facts(),
        facts.heldOutFacts(),
        facts.bound(),
        facts.training().size(),
        facts.heldOut().size());
  }

  /** Measures the missing contrast of candidates that pass all other filters. */
  private List<Candidate> measured(CardSearch search, Filters filters) {
    if (plan.settings().contrast() == RevealSettings.Contrast.NOT_MEASURED) {
      return search.candidates();
    }
    List<Candidate> all = new ArrayList<>();
    List<Candidate> unmeasured = new ArrayList<>();
    for (Candidate candidate : search.candidates()) {
      boolean missing = candidate.contrast().isEmpty() && filters.own(candidate).isEmpty();
      (missing ? unmeasured : all).add(candidate);
    }
    List<Score> scores =
        contrast.scores(
            List.of(
                new CardResponses(
                    search.card(), unmeasured.stream().map(Candidate::response).toList())));
    for (int i = 0; i < unmeasured.size(); i++) {
      Candidate candidate = unmeasured.get(i);
      all.add(
          new Candidate(
              candidate.response(),
              candidate.relevance(),
              OptionalDouble.of(scores.get(i).contrast())));
    }
    return all;
  }
}
