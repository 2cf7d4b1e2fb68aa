package org.lethe.run.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import org.lethe.error.EvidenceErrors;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;

/**
 * {@code attestations.jsonl}: two signed in-toto statements about the last record, one envelope a
 * line. The first says how the model came about (SLSA provenance 1.0); its subject is the model.
 * The second says what was measured and decided; its subject is record.json. The record names every
 * file of the run by digest, so the signature covers them all.
 */
public final class Attestations {
  /** Name of the file in the run directory. */
  public static final String FILE = "attestations.jsonl";

  private static final String STATEMENT = "https://in-toto.io/Statement/v1";
  private static final String PROVENANCE = "https://slsa.dev/provenance/v1";
  private static final String EVALUATION = "https://lethe.example/predicates/evaluation/v1";
  private static final String BUILD = "https://lethe.example/builds/unlearn/v1";
  private static final String RECORD = "record.json";
  private static final String SUBJECT = "subject";
  private static final String SHA256 = "sha256";
  private static final JsonMapper JSON = new JsonMapper();

  private final RunDirectory directory;

  public Attestations(RunDirectory directory) {
    this.directory = directory;
  }

  private Path file() {
    return new Path(directory.root(), FILE);
  }

  /** Whether the run is signed. */
  public boolean exist() {
    return Documents.exists(directory.fileSystem(), file());
  }

  /** Signs the last record, and replaces the signature of an earlier one. */
  public void sign(Signer signer) {
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    String digest = Digests.ofFile(directory.fileSystem(), directory.record());
    Documents.writeText(
        directory.fileSystem(),
        file(),
        line(provenance(record, digest), signer) + line(evaluation(record, digest), signer));
  }

  /**
   * Checks the signatures, and that they belong to the record.
   *
   * @throws org.lethe.error.LetheException EVIDENCE if they do not
   */
  public void verify(Keys.Verifier key) {
    if (!exist()) {
      throw EvidenceErrors.unsigned(directory.toString());
    }
    String digest = Digests.ofFile(directory.fileSystem(), directory.record());
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    boolean recordIsSigned = false;
    boolean modelIsSigned = false;
    for (String line : lines()) {
      JsonNode statement = opened(line, key);
      String predicate = statement.path("predicateType").asText();
      if (predicate.equals(EVALUATION)) {
        recordIsSigned = statement.path(SUBJECT).equals(subject(RECORD, digest));
      } else if (predicate.equals(PROVENANCE)) {
        modelIsSigned = statement.path(SUBJECT).equals(files(record.outputModel()));
      }
    }
    if (!recordIsSigned) {
      throw EvidenceErrors.badSignature(FILE, "it signs another record.json");
    }
    if (!modelIsSigned) {
      throw EvidenceErrors.badSignature(FILE, "it signs another model");
    }
  }

  /** The statement about the model, as it stands; empty for an unsigned run. */
  public Optional<JsonNode> provenance() {
    if (!exist()) {
      return Optional.empty();
    }
    for (String line : lines()) {
      JsonNode statement = unverified(line);
      if (statement.path("predicateType").asText().equals(PROVENANCE)) {
        return Optional.of(statement);
      }
    }
    return Optional.empty();
  }

  /**
   * Checks, without a key, that each statement is about one of the records, and those about the
   * last one name its model.
   *
   * @param digests of all records, in their order
   * @throws org.lethe.error.LetheException EVIDENCE if they are not
   */
  public void requireRecord(List<String> digests) {
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    for (String line : lines()) {
      JsonNode statement = unverified(line);
      boolean ofModel = statement.path("predicateType").asText().equals(PROVENANCE);
      JsonNode subject =
          ofModel
              ? statement.path("predicate").path("runDetails").path("byproducts")
              : statement.path(SUBJECT);
      int number = digests.indexOf(subject.path(0).path("digest").path(SHA256).asText());
      if (number < 0) {
        throw EvidenceErrors.badSignature(FILE, "it signs another record.json");
      }
      boolean last = number == digests.size() - 1;
      if (last && ofModel && !statement.path(SUBJECT).equals(files(record.outputModel()))) {
        throw EvidenceErrors.badSignature(FILE, "it signs another model");
      }
    }
  }

  private static JsonNode unverified(String line) {
    try {
      Envelope envelope = JSON.readValue(line, Envelope.class);
      if (envelope == null || envelope.payload() == null) {
        throw EvidenceErrors.badSignature(FILE, "a line is no envelope");
      }
      return JSON.readTree(Base64.getDecoder().decode(envelope.payload()));
    } catch (IOException | IllegalArgumentException e) {
      throw EvidenceErrors.badSignature(FILE, "a line is no envelope");
    }
  }

  private String[] lines() {
    try (InputStream in = directory.fileSystem().open(file())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split("\n", -1);
    } catch (IOException e) {
      throw EvidenceErrors.unreadable(FILE, e.getClass().getSimpleName());
    }
  }

  private static JsonNode opened(String line, Keys.Verifier key) {
    try {
      Envelope envelope = JSON.readValue(line, Envelope.class);
      if (envelope == null) {
        throw EvidenceErrors.badSignature(FILE, "a line is no envelope");
      }
      return JSON.readTree(envelope.opened(key, FILE));
    } catch (IOException e) {
      throw EvidenceErrors.badSignature(FILE, "a line is no envelope");
    }
  }

  private static String line(ObjectNode statement, Signer signer) {
    try {
      return JSON.writeValueAsString(Envelope.of(JSON.writeValueAsBytes(statement), signer)) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree is always written", e);
    }
  }

  private static ObjectNode provenance(ErasureRecord record, String digest) {
    ObjectNode statement = statement(files(record.outputModel()), PROVENANCE);
    ObjectNode predicate = statement.putObject("predicate");
    ObjectNode definition = predicate.putObject("buildDefinition");
    definition.put("buildType", BUILD);
    definition
        .putObject("externalParameters")
        .put("requestId", record.requestId())
        .put("configurationDigest", record.configurationDigest());
    ArrayNode dependencies = definition.putArray("resolvedDependencies");
    dependencies.addAll(named("model/", record.inputModel()));
    dependencies.addAll(named("data/", record.data()));
    ObjectNode details = predicate.putObject("runDetails");
    ObjectNode builder = details.putObject("builder");
    builder.put("id", "https://lethe.example/lethe");
    ObjectNode versions = builder.putObject("version");
    record.code().forEach(versions::put);
    details
        .putObject("metadata")
        .put("invocationId", record.runId())
        .put("startedOn", record.evidence().started())
        .put("finishedOn", record.created());
    details.set("byproducts", subject(RECORD, digest));
    return statement;
  }

  private static ObjectNode evaluation(ErasureRecord record, String digest) {
    ObjectNode statement = statement(subject(RECORD, digest), EVALUATION);
    ObjectNode predicate = statement.putObject("predicate");
    predicate.put("statement", record.statement());
    predicate.put("decision", record.decision().name());
    ArrayNode gates = predicate.putArray("gates");
    record
        .gates()
        .forEach(
            gate ->
                gates
                    .addObject()
                    .put("figure", gate.figure())
                    .put("bound", gate.bound())
                    .put("passed", gate.passed()));
    record.limits().forEach(predicate.putArray("limits")::add);
    return statement;
  }

  private static ObjectNode statement(ArrayNode subject, String predicateType) {
    ObjectNode statement = JSON.createObjectNode();
    statement.put("_type", STATEMENT);
    statement.set(SUBJECT, subject);
    statement.put("predicateType", predicateType);
    return statement;
  }

  private static ArrayNode subject(String name, String digest) {
    ArrayNode subject = JSON.createArrayNode();
    entry(subject, name, digest);
    return subject;
  }

  private static ArrayNode files(SortedMap<String, String> digests) {
    return named("", digests);
  }

  private static ArrayNode named(String prefix, SortedMap<String, String> digests) {
    ArrayNode entries = JSON.createArrayNode();
    digests.forEach((name, digest) -> entry(entries, prefix + name, digest));
    return entries;
  }

  private static void entry(ArrayNode entries, String name, String digest) {
    entries.addObject().put("name", name).putObject("digest").put(SHA256, digest);
  }
}
