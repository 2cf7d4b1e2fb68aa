package org.lethe.jobs.lineage;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.corpus.table.TableFormat;
import org.lethe.corpus.table.TableName;
import org.lethe.error.ExitClass;
import org.lethe.jobs.config.Uris;
import org.lethe.run.Digests;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.RunDirectory;

/**
 * One run event of OpenLineage 2-0-2. The library openlineage-java is not used, because its file
 * transport is these few lines and it brings an HTTP client and metrics.
 */
final class LineageEvent {
  private static final String PRODUCER = "https://lethe.example/lethe";
  private static final String SPEC = "https://openlineage.io/spec/";
  private static final String CORE = SPEC + "2-0-2/OpenLineage.json#/$defs/";
  private static final String FACETS = SPEC + "facets/";
  private static final JsonMapper JSON = new JsonMapper();

  private final ObjectNode event = JSON.createObjectNode();
  private final LineageRun run;

  private LineageEvent(LineageRun run) {
    this.run = run;
  }

  static LineageEvent of(String type, LineageRun run, Instant time) {
    LineageEvent made = new LineageEvent(run);
    made.event.put("eventType", type);
    made.event.put("eventTime", time.toString());
    made.event.put("producer", PRODUCER);
    made.event.put("schemaURL", CORE + "RunEvent");
    ObjectNode facets =
        made.event.putObject("run").put("runId", run.id().toString()).putObject("facets");
    facet(facets, "processing_engine", FACETS + "1-1-1/ProcessingEngineRunFacet.json")
        .put("name", "spark")
        .put("version", run.versions().getOrDefault("spark", ""))
        .put("openlineageAdapterVersion", run.versions().getOrDefault("lethe", ""));
    facet(facets, "lethe_erasure", CORE + "RunFacet")
        .put("runId", run.runId())
        .put("requestId", run.requestId());
    ObjectNode job = made.event.putObject("job");
    job.put("namespace", run.namespace()).put("name", "lethe." + run.command());
    facet(job.putObject("facets"), "jobType", FACETS + "2-0-3/JobTypeJobFacet.json")
        .put("processingType", "BATCH")
        .put("integration", "LETHE")
        .put("jobType", "JOB");
    made.inputs(new TreeMap<>());
    made.event.putArray("outputs");
    return made;
  }

  private ObjectNode erasure() {
    return (ObjectNode) event.path("run").path("facets").path("lethe_erasure");
  }

  /** Names the stage that runs. */
  LineageEvent stage(String stage) {
    erasure().put("stage", stage);
    return this;
  }

  /** Adds what a record says: versions of inputs, decision, released model. */
  LineageEvent record(ErasureRecord record, RunDirectory directory) {
    SortedMap<String, String> versions = new TreeMap<>();
    record
        .data()
        .forEach(
            (name, digest) -> {
              int colon = name.indexOf(": ");
              if (colon > 0) {
                String place = name.substring(colon + 2);
                versions.put(key(normal(place)), versionOf(place).orElse(digest));
              }
            });
    versions.put("model", Digests.of(record.inputModel()));
    inputs(versions);
    erasure()
        .put("decision", record.decision().name())
        .put("record", Digests.ofFile(directory.fileSystem(), directory.record()));
    if (record.decision() == Decision.RELEASED) {
      URI model = directory.below(record.modelPath().replaceAll("/$", "")).toUri();
      ObjectNode output = dataset((ArrayNode) event.path("outputs"), model);
      version(output, Digests.of(record.outputModel()));
    }
    return this;
  }

  /** Adds why the command failed. Messages of Lethe hold no row text. */
  LineageEvent failure(ExitClass exitClass, String message) {
    facet(
            (ObjectNode) event.path("run").path("facets"),
            "errorMessage",
            FACETS + "1-0-1/ErrorMessageRunFacet.json")
        .put("message", exitClass + ": " + message)
        .put("programmingLanguage", "JAVA");
    return this;
  }

  private void inputs(SortedMap<String, String> versions) {
    ArrayNode inputs = event.putArray("inputs");
    run.inputs()
        .forEach(
            (kind, places) ->
                places.forEach(
                    place -> {
                      URI uri = normal(place);
                      ObjectNode input = dataset(inputs, uri);
                      String version = versions.get(kind.equals("model") ? kind : key(uri));
                      if (version != null) {
                        version(input, version);
                      }
                    }));
  }

  /** Returns the name of a dataset: that of a table without its version. */
  private static String key(URI uri) {
    return TableName.of(uri).map(table -> table.current().toString()).orElse(uri.toString());
  }

  private static Optional<String> versionOf(String place) {
    return TableName.find(place)
        .flatMap(table -> table.version().stream().mapToObj(String::valueOf).findFirst());
  }

  private static URI normal(String place) {
    return Uris.of(place);
  }

  /** The naming of OpenLineage: the store is the namespace, the path is the name. */
  private static ObjectNode dataset(ArrayNode datasets, URI uri) {
    Optional<TableName> table = TableName.of(uri);
    if (table.isPresent() && table.get().format() == TableFormat.ICEBERG) {
      String[] names = table.get().location().split("[.]", 2);
      return datasets.addObject().put("namespace", "iceberg://" + names[0]).put("name", names[1]);
    }
    return datasetOfFiles(datasets, table.map(TableName::location).map(Uris::of).orElse(uri));
  }

  private static ObjectNode datasetOfFiles(ArrayNode datasets, URI uri) {
    boolean local = uri.getScheme() == null || uri.getScheme().equals("file");
    String scheme = "s3a".equals(uri.getScheme()) ? "s3" : uri.getScheme();
    return datasets
        .addObject()
        .put("namespace", local ? "file" : scheme + "://" + uri.getRawAuthority())
        .put("name", local ? uri.getPath() : uri.getPath().replaceFirst("^/", ""));
  }

  private static void version(ObjectNode dataset, String version) {
    facet(dataset.putObject("facets"), "version", FACETS + "1-0-1/DatasetVersionDatasetFacet.json")
        .put("datasetVersion", version);
  }

  private static ObjectNode facet(ObjectNode facets, String name, String schema) {
    return facets.putObject(name).put("_producer", PRODUCER).put("_schemaURL", schema);
  }

  String json() {
    return event.toString();
  }
}
