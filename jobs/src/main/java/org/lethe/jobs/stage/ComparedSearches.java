package org.lethe.jobs.stage;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.reveal.RevealReport.CardReport;
import org.lethe.error.RevealErrors;
import org.lethe.jobs.config.RevealedData;
import org.lethe.reveal.TopicCard;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/** Runs whose search the report shows beside this one's: lethe.reveal.compare. */
final class ComparedSearches {
  private ComparedSearches() {}

  /**
   * The reveal reports of these runs, in the order of the configuration.
   *
   * @throws org.lethe.error.LetheException INPUT if a run revealed nothing, or other topic cards
   */
  static List<RevealReport> read(StageContext context) {
    List<URI> runs = context.plan().revealed().map(RevealedData::compared).orElse(List.of());
    if (runs.isEmpty()) {
      return List.of();
    }
    Set<String> cards =
        CardFiles.read(context).stream().map(TopicCard::id).collect(Collectors.toSet());
    Configuration hadoop = context.job().spark().hadoopConfiguration();
    List<RevealReport> reports = new ArrayList<>();
    for (URI run : runs) {
      RevealReport report =
          report(RunDirectory.at(run.toString(), hadoop))
              .orElseThrow(() -> RevealErrors.nothingRevealedBy(run.toString()));
      Set<String> found = report.cards().stream().map(CardReport::card).collect(Collectors.toSet());
      if (!found.equals(cards)) {
        throw RevealErrors.otherCards(run.toString(), found.size(), cards.size());
      }
      reports.add(report);
    }
    return reports;
  }

  /** The report of a run's only reveal or, if it has iterations, of the first. */
  private static Optional<RevealReport> report(RunDirectory run) {
    return Stream.of(run, IterationFolders.of(run, 1))
        .map(directory -> new Path(directory.revealed(), RevealReport.FILE))
        .filter(file -> Documents.exists(run.fileSystem(), file))
        .findFirst()
        .map(file -> Documents.read(run.fileSystem(), file, RevealReport.class));
  }
}
