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
import org.lethe.jobs.config.RevealKeys;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/** Runs whose search stands beside this one's in the report, see lethe.reveal.compare. */
final class ComparedSearches {
  private ComparedSearches() {}

  /**
   * How these runs revealed, in the order of the configuration.
   *
   * @param cards ids of the topic cards of this run
   * @throws org.lethe.error.LetheException INPUT if one revealed nothing, or other topic cards
   */
  static List<RevealReport> read(RevealKeys keys, Set<String> cards, Configuration hadoop) {
    List<RevealReport> reports = new ArrayList<>();
    for (URI run : keys.compared()) {
      RevealReport report =
          report(RunDirectory.at(run.toString(), hadoop))
              .orElseThrow(() -> RevealErrors.nothingRevealedBy(run.toString()));
      Set<String> others =
          report.cards().stream().map(CardReport::card).collect(Collectors.toSet());
      if (!others.equals(cards)) {
        throw RevealErrors.otherCards(run.toString(), others.size(), cards.size());
      }
      reports.add(report);
    }
    return reports;
  }

  /** Of the only reveal or, where there are several iterations, of the first. */
  private static Optional<RevealReport> report(RunDirectory run) {
    return Stream.of(run, IterationFolders.of(run, 1))
        .map(directory -> new Path(directory.revealed(), RevealReport.FILE))
        .filter(file -> Documents.exists(run.fileSystem(), file))
        .findFirst()
        .map(file -> Documents.read(run.fileSystem(), file, RevealReport.class));
  }
}
