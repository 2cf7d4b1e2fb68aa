package org.lethe.jobs.command;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.find.FindReport;
import org.lethe.corpus.find.FindReport.SubjectReport;
import org.lethe.corpus.find.FindSettings;
import org.lethe.corpus.find.Finder;
import org.lethe.corpus.find.Subject;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.console.Outcome;
import org.lethe.jobs.console.Progress;
import org.lethe.jobs.stage.CardFiles;
import org.lethe.jobs.stage.JobContext;
import picocli.CommandLine.Command;

/** Finds the rows of a corpus that mention the subjects of topic cards. */
@Command(
    name = "find",
    description = {
      "Finds the rows of lethe.find.corpus that mention the subjects of topic cards or nearly"
          + " repeat given rows. Writes them to found/ in the run directory, as a forget corpus and"
          + " as an exclusion list."
    },
    mixinStandardHelpOptions = true)
final class FindCommand extends LetheCommand {
  private static final String FOLDER = "found";

  private Optional<FindKeys> plan = Optional.empty();
  private int workers = 1;

  @Override
  String name() {
    return "find";
  }

  @Override
  void bind(ConfigurationReader reader) {
    plan = FindKeys.read(reader);
    workers = reader.integer("lethe.unlearn.workers", 1, 100_000);
  }

  @Override
  void checkInputs(Configuration hadoop) {
    FindKeys keys = plan.orElseThrow();
    InputChecks.checkFiles(
        Stream.of(keys.cards(), keys.corpus(), keys.rows()).flatMap(List::stream).toList(), hadoop);
  }

  @Override
  int workers() {
    return workers;
  }

  @Override
  Outcome execute(JobContext context) {
    FindKeys found = plan.orElseThrow();
    FindSettings settings =
        found.settings(
            CardFiles.read(found.cards(), context.spark().hadoopConfiguration()).stream()
                .map(Subject::of)
                .toList());
    Path folder = new Path(context.directory().root(), FOLDER);
    Progress progress = context.progress("find");
    FindReport report = new Finder(context.session()).run(settings, folder);
    String counts =
        String.format(
            Locale.ROOT,
            "%d of %d rows found, %d of them near duplicates",
            report.found(),
            report.read(),
            report.nearDuplicates());
    progress.finish(counts);
    SortedMap<String, Double> figures = new TreeMap<>();
    figures.put("read", (double) report.read());
    figures.put("found", (double) report.found());
    for (SubjectReport subject : report.subjects()) {
      figures.put("found." + subject.subject(), (double) subject.rows());
    }
    SortedMap<String, String> paths = new TreeMap<>();
    for (String part : List.of("rows", "exclude", "report.json")) {
      paths.put(part, new Path(folder, part).toString());
    }
    return new Outcome("find done: " + counts, figures, paths);
  }
}
