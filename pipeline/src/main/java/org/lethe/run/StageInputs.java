package org.lethe.run;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a stage is asked to work on.
 *
 * @param stage its name, for example {@code shard}
 * @param inputs SHA-256 of each input by name or URI
 * @param configuration the settings that decide the outputs, secrets masked, by key. Settings that
 *     only decide how fast, such as thread counts, do not belong here.
 */
public record StageInputs(
    String stage, SortedMap<String, String> inputs, SortedMap<String, String> configuration) {
  public StageInputs {
    Names.checked("stage", stage);
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    configuration = Collections.unmodifiableSortedMap(new TreeMap<>(configuration));
  }
}
