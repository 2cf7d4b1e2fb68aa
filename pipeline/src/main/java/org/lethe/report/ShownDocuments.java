package org.lethe.report;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.error.EvidenceErrors;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.RunDirectory;

/**
 * Compares what people read of a run, report.html and the model card, with the documents that both
 * are written from. Another version of Lethe words them differently.
 */
public final class ShownDocuments {
  private static final String COMPARED_RUNS = "lethe.reveal.compare";

  private ShownDocuments() {}

  /**
   * Fails if the report or the model card says something else than the record.
   *
   * @throws org.lethe.error.LetheException EVIDENCE
   */
  public static void check(RunDirectory directory) {
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    boolean alone = record.configuration().getOrDefault(COMPARED_RUNS, "[]").equals("[]");
    if (alone && Documents.exists(directory.fileSystem(), directory.report())) {
      require(
          "report.html",
          Digests.of(Report.html(directory, record, List.of())),
          Digests.ofFile(directory.fileSystem(), directory.report()));
    }
    if (record.decision() == Decision.RELEASED && record.requests().isEmpty()) {
      card(directory, record);
    }
  }

  private static void card(RunDirectory directory, ErasureRecord record) {
    SortedMap<String, String> files = new TreeMap<>(record.outputModel());
    files.remove(ModelCard.FILE);
    Path folder = directory.below(record.modelPath().replaceAll("/$", ""));
    Path card = new Path(folder, ModelCard.FILE);
    require(
        directory.relative(card),
        Digests.of(ModelCard.of(record.withOutputModel(files))),
        Digests.ofFile(directory.fileSystem(), card));
  }

  private static void require(String file, String expected, String found) {
    if (!found.equals(expected)) {
      throw EvidenceErrors.differs(
          file, "SHA-256 (of what follows from record.json)", expected, found);
    }
  }
}
