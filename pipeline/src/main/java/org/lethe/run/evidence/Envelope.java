package org.lethe.run.evidence;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.lethe.error.EvidenceErrors;

/**
 * A signed in-toto statement in a DSSE envelope, version 1 (Dead Simple Signing Envelope,
 * github.com/secure-systems-lab/dsse). The signature covers type and payload with their lengths.
 *
 * @param payloadType media type of the payload
 * @param payload the statement, Base64
 * @param signatures at least one
 */
public record Envelope(
    @JsonProperty("payloadType") String payloadType,
    @JsonProperty("payload") String payload,
    @JsonProperty("signatures") List<Sealed> signatures) {
  /** Media type of in-toto statements. */
  static final String IN_TOTO = "application/vnd.in-toto+json";

  private static final String VERSION = "DSSEv1";

  /**
   * A signature.
   *
   * @param sig Base64
   */
  public record Sealed(String sig) {}

  /** Signs a statement. */
  static Envelope of(byte[] statement, Signer signer) {
    byte[] signature = signer.sign(encoded(IN_TOTO, statement));
    Base64.Encoder base64 = Base64.getEncoder();
    return new Envelope(
        IN_TOTO,
        base64.encodeToString(statement),
        List.of(new Sealed(base64.encodeToString(signature))));
  }

  /**
   * Returns the statement if one of the signatures is valid.
   *
   * @param file for the message
   */
  byte[] opened(Keys.Verifier key, String file) {
    if (!IN_TOTO.equals(payloadType) || payload == null || signatures == null) {
      throw EvidenceErrors.badSignature(file, "it is no envelope of an in-toto statement");
    }
    try {
      byte[] statement = Base64.getDecoder().decode(payload);
      byte[] signed = encoded(payloadType, statement);
      for (Sealed signature : signatures) {
        if (key.accepts(signed, Base64.getDecoder().decode(signature.sig()))) {
          return statement;
        }
      }
    } catch (IllegalArgumentException e) {
      throw EvidenceErrors.badSignature(file, "it is not Base64");
    }
    throw EvidenceErrors.badSignature(file, "no signature belongs to this key and statement");
  }

  /** The pre-authentication encoding. */
  static byte[] encoded(String type, byte[] body) {
    byte[] name = type.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        (VERSION + " " + name.length + " " + type + " " + body.length + " ")
            .getBytes(StandardCharsets.UTF_8));
    out.writeBytes(body);
    return out.toByteArray();
  }
}
