package org.lethe.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.error.EvidenceErrors;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;
import org.lethe.run.evidence.Attestations;
import org.lethe.run.evidence.ProgramDocument;
import org.lethe.run.evidence.RecordStore;

/**
 * Checks by whom and when a record was written: the digest and the versions of the program against
 * metrics/program.json, the times against each other, and both against the signed statement if
 * there is one. Its signature needs a key; its content does not.
 */
final class ProgramCheck {
  private static final String RECORD = "record.json";
  private static final String CREATED = "created";
  private static final String STARTED = "evidence.started";

  private final RunDirectory directory;
  private final ErasureRecord record;

  ProgramCheck(RunDirectory directory, ErasureRecord record) {
    this.directory = directory;
    this.record = record;
  }

  /** Fails at the first difference. */
  void run() {
    program();
    times();
    new Attestations(directory)
        .provenance()
        .filter(statement -> !isOfAnEarlierRecord(statement))
        .ifPresent(this::statement);
  }

  /** A run whose configuration names a key is signed, and about this record or an earlier one. */
  void signature() {
    Attestations attestations = new Attestations(directory);
    SortedMap<String, String> configuration = record.configuration();
    boolean wanted =
        configuration.containsKey("lethe.release.signing-key")
            || !configuration.getOrDefault("lethe.release.signing-command", "[]").equals("[]");
    if (wanted && !attestations.exist()) {
      throw EvidenceErrors.missing(
          Attestations.FILE, "the key lethe.release.signing-key or -command in " + RECORD);
    }
    if (attestations.exist()) {
      attestations.requireRecord(digests());
    }
  }

  /** The digests of all records, in their order. */
  private List<String> digests() {
    List<String> digests = new ArrayList<>();
    for (int number = 1; number <= new RecordStore(directory).count(); number++) {
      digests.add(
          Digests.ofFile(directory.fileSystem(), directory.below(RecordStore.path(number))));
    }
    return digests;
  }

  /** Records of older versions name no such file. */
  private void program() {
    Path file = ProgramDocument.file(directory);
    if (record.evidence().files().containsKey(directory.relative(file))) {
      Difference.requireMaps(RECORD, "code", record.code(), ProgramDocument.read(directory).code());
    }
  }

  /** A command starts before it decides, and a decision comes after the one before. */
  private void times() {
    if (!record.evidence().started().isEmpty()) {
      requireOrder(RECORD, STARTED, record.evidence().started(), CREATED, record.created());
    }
    String before = "";
    for (int number = 1; number <= new RecordStore(directory).count(); number++) {
      String file = RecordStore.path(number);
      String created =
          Documents.read(directory.fileSystem(), directory.below(file), ErasureRecord.class)
              .created();
      if (!before.isEmpty()) {
        requireOrder(
            file, CREATED + " of " + RecordStore.path(number - 1), before, CREATED, created);
      }
      before = created;
    }
  }

  private static void requireOrder(
      String file, String first, String earlier, String second, String later) {
    if (instant(file, second, later).isBefore(instant(file, first, earlier))) {
      throw EvidenceErrors.differs(
          file, second, "a time that is not before " + first + ", " + earlier, later);
    }
  }

  static Instant instant(String file, String field, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw EvidenceErrors.differs(file, field, "a time (ISO 8601)", text);
    }
  }

  /** A later decision may be unsigned. */
  private boolean isOfAnEarlierRecord(JsonNode statement) {
    String digest =
        statement
            .path("predicate")
            .path("runDetails")
            .path("byproducts")
            .path(0)
            .path("digest")
            .path("sha256")
            .asText();
    List<String> all = digests();
    return all.subList(0, all.size() - 1).contains(digest);
  }

  private void statement(JsonNode statement) {
    JsonNode details = statement.path("predicate").path("runDetails");
    JsonNode metadata = details.path("metadata");
    String file = Attestations.FILE;
    Difference.require(
        file,
        "runDetails.metadata.startedOn",
        metadata.path("startedOn").asText(),
        record.evidence().started());
    Difference.require(
        file,
        "runDetails.metadata.finishedOn",
        metadata.path("finishedOn").asText(),
        record.created());
    SortedMap<String, String> versions = new TreeMap<>();
    details
        .path("builder")
        .path("version")
        .properties()
        .forEach(entry -> versions.put(entry.getKey(), entry.getValue().asText()));
    Difference.requireMaps(file, "runDetails.builder.version", versions, record.code());
  }
}
