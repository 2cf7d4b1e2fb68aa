package org.lethe.cluster;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.RevealReport.CardReport;
import org.lethe.cluster.RevealReport.FilterCounts;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.RevealedRows;
import org.lethe.error.ClusterErrors;
import org.lethe.error.RunErrors;
import org.lethe.reveal.Filters;
import org.lethe.reveal.HeldOutFacts;
import org.lethe.reveal.RevealStop;
import org.lethe.reveal.RevealedRow;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/** Filters what was revealed, holds facts out, and writes both as corpora. */
public final class RevealedCorpus {
  private final RevealPlan plan;
  private final Path folder;
  private final Configuration hadoop;
  private final List<RevealedRow> training = new ArrayList<>();
  private final List<RevealedRow> heldOut = new ArrayList<>();

  RevealedCorpus(RevealPlan plan, Path folder, Configuration hadoop) {
    this.plan = plan;
    this.folder = folder;
    this.hadoop = hadoop;
  }

  /** Rows to train on. */
  public static Path training(Path folder, CorpusSet set) {
    return new Path(folder, set.label() + ".parquet");
  }

  /** Rows of held-out facts, to measure with. */
  public static Path heldOut(Path folder, CorpusSet set) {
    return new Path(folder, "held-out-" + set.label() + ".parquet");
  }

  RevealReport write(List<CardSearch> cards, List<CardSearch> neighbours) {
    List<CardReport> forget = write(cards, CorpusSet.FORGET);
    List<CardReport> retain = write(neighbours, CorpusSet.RETAIN);
    RevealReport report =
        new RevealReport(RevealReport.FORMAT, plan.settings().search().strategy(), forget, retain);
    try {
      Documents.write(
          RunDirectory.fileSystem(folder, hadoop), new Path(folder, RevealReport.FILE), report);
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
    List<CardReport> reports = searches.stream().map(this::cut).toList();
    RevealedRows.write(training, plan.fields(), training(folder, set), hadoop);
    RevealedRows.write(heldOut, plan.fields(), heldOut(folder, set), hadoop);
    return reports;
  }

  private CardReport cut(CardSearch search) {
    Filters.Result result =
        new Filters(plan.settings().filters()).apply(search.card(), search.candidates());
    HeldOutFacts facts =
        HeldOutFacts.cut(
            search.card(), result.kept(), plan.settings().heldOut(), plan.settings().seed());
    training.addAll(facts.training());
    heldOut.addAll(facts.heldOut());
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
        facts.facts(),
        facts.heldOutFacts(),
        facts.training().size(),
        facts.heldOut().size());
  }
}
