package org.lethe.jobs.lineage;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/**
 * What all events of one command have in common.
 *
 * @param namespace of the job
 * @param command its name
 * @param runId id of the run in Lethe's sense
 * @param requestId the erasure request, or empty
 * @param started start time of the command
 * @param inputs paths or URIs of corpora and of the given model, with their kind
 * @param versions of the program and its libraries
 */
public record LineageRun(
    String namespace,
    String command,
    String runId,
    String requestId,
    Instant started,
    SortedMap<String, List<String>> inputs,
    SortedMap<String, String> versions) {
  /** Each command is an OpenLineage run of its own. */
  UUID id() {
    return UUID.nameUUIDFromBytes(
        (namespace + '\n' + command + '\n' + runId + '\n' + started)
            .getBytes(StandardCharsets.UTF_8));
  }
}
