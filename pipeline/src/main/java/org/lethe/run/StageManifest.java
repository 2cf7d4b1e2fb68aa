package org.lethe.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Inputs and outputs of a stage. The stage writes it last, so a stage folder with a manifest is
 * complete. It contains no time and no host, so that the same inputs give the same bytes.
 *
 * @param format version of this document, {@link #FORMAT}
 * @param stage name of the stage, for example {@code shard}
 * @param runId the run that wrote it
 * @param configurationDigest SHA-256 of {@code configuration}
 * @param configuration the settings that decide this stage's outputs, by key, secrets masked
 * @param inputs SHA-256 by name or URI
 * @param outputs SHA-256 by path relative to the stage folder
 * @param versions versions of Lethe and its libraries
 */
public record StageManifest(
    int format,
    String stage,
    String runId,
    String configurationDigest,
    SortedMap<String, String> configuration,
    SortedMap<String, String> inputs,
    SortedMap<String, String> outputs,
    SortedMap<String, String> versions) {

  public static final int FORMAT = 1;
  public static final String FILE = "manifest.json";

  /** Copies the maps, sorted and unmodifiable. */
  public StageManifest {
    configuration = sorted(configuration);
    inputs = sorted(inputs);
    outputs = sorted(outputs);
    versions = sorted(versions);
  }

  /** Returns the differences between this manifest's inputs and the current ones, as text. */
  List<String> changesAgainst(StageInputs current) {
    List<String> changes = new ArrayList<>();
    if (!stage.equals(current.stage())) {
      changes.add("it was written by stage '" + stage + "'");
    }
    describe(inputs, current.inputs(), true, changes);
    describe(configuration, current.configuration(), false, changes);
    return changes;
  }

  /** Returns the differences between this manifest's outputs and the existing ones, as text. */
  List<String> changedOutputs(SortedMap<String, String> found) {
    List<String> changes = new ArrayList<>();
    for (var entry : outputs.entrySet()) {
      String digest = found.get(entry.getKey());
      if (digest == null) {
        changes.add(entry.getKey() + " is missing");
      } else if (!digest.equals(entry.getValue())) {
        changes.add(entry.getKey() + " has other bytes");
      }
    }
    return changes;
  }

  private static void describe(
      SortedMap<String, String> before,
      SortedMap<String, String> now,
      boolean digests,
      List<String> changes) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      String was = before.get(name);
      String is = now.get(name);
      if (was == null) {
        changes.add(name + " is new" + (digests ? "" : " (" + is + ")"));
      } else if (is == null) {
        changes.add(name + " is gone" + (digests ? "" : " (was " + was + ")"));
      } else if (!was.equals(is)) {
        changes.add(
            digests
                ? name + " has other bytes (" + brief(was) + " then, " + brief(is) + " now)"
                : name + " was " + was + ", is now " + is);
      }
    }
  }

  private static String brief(String digest) {
    return digest.length() > 12 ? digest.substring(0, 12) : digest;
  }

  private static SortedMap<String, String> sorted(SortedMap<String, String> entries) {
    return Collections.unmodifiableSortedMap(
        entries == null ? new TreeMap<>() : new TreeMap<>(entries));
  }
}
