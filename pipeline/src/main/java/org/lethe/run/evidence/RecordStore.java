package org.lethe.run.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.EvidenceErrors;
import org.lethe.error.RunErrors;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Previous;
import org.lethe.run.RunDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of all decisions of a run: {@code records/0001.json} and so on. Each is written once
 * and names the one before by its digest. {@code record.json} has the bytes of the last.
 *
 * <p>A decision that says nothing new is not written again. A record.json that differs from its
 * numbered copy was changed by somebody else, so nothing replaces it.
 */
public final class RecordStore {
  static final String FOLDER = "records";

  private static final Logger LOG = LoggerFactory.getLogger(RecordStore.class);

  private final RunDirectory directory;
  private final FileSystem files;

  public RecordStore(RunDirectory directory) {
    this.directory = directory;
    this.files = directory.fileSystem();
  }

  /** Path of a record relative to the run directory, counted from 1. */
  public static String path(int number) {
    return FOLDER + "/" + String.format(Locale.ROOT, "%04d.json", number);
  }

  /** Number of records; 0 if there is none. */
  public int count() {
    int count = 0;
    while (Documents.exists(files, directory.below(path(count + 1)))) {
      count++;
    }
    return count;
  }

  /**
   * Fails if record.json is neither the last record nor, after an interruption, the one before.
   *
   * @throws org.lethe.error.LetheException EVIDENCE
   */
  public void requireUnchanged() {
    reconciled(count());
  }

  /**
   * Writes the record of a decision, unless the last one says the same.
   *
   * @return whether a record was written
   * @throws org.lethe.error.LetheException EVIDENCE if record.json was changed
   */
  public boolean write(ErasureRecord record) {
    int count = reconciled(count());
    if (count > 0) {
      ErasureRecord last = Documents.read(files, directory.below(path(count)), ErasureRecord.class);
      if (sameDecision(last, record)) {
        LOG.info("The record of this decision exists: {}", path(count));
        return false;
      }
    }
    Optional<Previous> previous =
        count == 0
            ? Optional.empty()
            : Optional.of(
                new Previous(path(count), Digests.ofFile(files, directory.below(path(count)))));
    Documents.write(
        files, directory.below(path(count + 1)), record.with(record.evidence().after(previous)));
    publish(count + 1);
    return true;
  }

  /**
   * Brings record.json to the last record after an interruption between the two, and adopts a
   * record.json of a version without numbered records.
   */
  private int reconciled(int count) {
    boolean exists = Documents.exists(files, directory.record());
    if (count == 0) {
      if (!exists) {
        return 0;
      }
      copy(directory.record(), directory.below(path(1)));
      return 1;
    }
    if (exists && sameBytes(directory.record(), directory.below(path(count)))) {
      return count;
    }
    boolean interrupted =
        !exists || (count > 1 && sameBytes(directory.record(), directory.below(path(count - 1))));
    if (!interrupted) {
      throw EvidenceErrors.changedRecord(directory.record().toString(), path(count));
    }
    LOG.warn("record.json was not that of the last decision; it is written from {}", path(count));
    publish(count);
    return count;
  }

  private void publish(int number) {
    copy(directory.below(path(number)), directory.record());
  }

  private void copy(Path from, Path to) {
    Documents.writeText(files, to, new String(bytes(from), StandardCharsets.UTF_8));
  }

  private boolean sameBytes(Path first, Path second) {
    return Arrays.equals(bytes(first), bytes(second));
  }

  private byte[] bytes(Path path) {
    try (InputStream in = files.open(path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw RunErrors.io("reading", path.toString(), e);
    }
  }

  /** Whether two records differ at most in their times and their place in the chain. */
  private static boolean sameDecision(ErasureRecord first, ErasureRecord second) {
    return timeless(first).equals(timeless(second));
  }

  private static ErasureRecord timeless(ErasureRecord record) {
    ErasureRecord.Evidence evidence = record.evidence();
    ErasureRecord.Evidence same =
        new ErasureRecord.Evidence(
            "",
            evidence.folders(),
            evidence.baseModel(),
            evidence.intervals(),
            evidence.files(),
            evidence.deleted(),
            Optional.empty());
    return record.with(same).at("");
  }
}
