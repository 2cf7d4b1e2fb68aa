package org.lethe.run;

import java.util.SortedMap;

/**
 * Inputs of a stage.
 *
 * @param stage name of the stage, for example {@code shard}
 * @param inputs SHA-256 of each input by name or URI
 * @param configuration the settings that decide the outputs, by key, secrets masked. Leaves out
 *     settings that affect speed only, such as thread counts.
 */
public record StageInputs(
    String stage, SortedMap<String, String> inputs, SortedMap<String, String> configuration) {
  public StageInputs {
    Names.checked("stage", stage);
    inputs = SortedCopy.of(inputs);
    configuration = SortedCopy.of(configuration);
  }
}
