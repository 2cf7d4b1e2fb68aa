package org.lethe.run.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lethe.error.EvidenceErrors;

/**
 * Reads keys from PEM files and uses them: Ed25519, or ECDSA on P-256 with SHA-256. A message never
 * contains a part of a key.
 */
public final class Keys {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";
  private static final String ED25519 = "Ed25519";
  private static final String EC = "EC";
  private static final int P256_BITS = 256;

  private Keys() {}

  /** A public key. */
  public static final class Verifier {
    private final PublicKey key;

    private Verifier(PublicKey key) {
      this.key = key;
    }

    /** Whether the signature belongs to the bytes and this key. */
    boolean accepts(byte[] bytes, byte[] signature) {
      try {
        Signature verification = Signature.getInstance(algorithm(key));
        verification.initVerify(key);
        verification.update(bytes);
        return verification.verify(signature);
      } catch (GeneralSecurityException e) {
        return false; // The bytes are not a signature of this algorithm.
      }
    }
  }

  /** Reads a private key (PKCS #8). */
  public static Signer signer(String file) {
    PrivateKey key =
        read(
            file,
            PRIVATE,
            PKCS8EncodedKeySpec::new,
            (factory, spec) -> factory.generatePrivate(spec));
    return bytes -> {
      try {
        Signature signature = Signature.getInstance(algorithm(key));
        signature.initSign(key);
        signature.update(bytes);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw EvidenceErrors.unusableKey(file, e.getClass().getSimpleName());
      }
    };
  }

  /** Reads a public key (SubjectPublicKeyInfo). */
  public static Verifier verifier(String file) {
    return new Verifier(
        read(
            file,
            PUBLIC,
            X509EncodedKeySpec::new,
            (factory, spec) -> factory.generatePublic(spec)));
  }

  private interface Generation<K extends Key> {
    K of(KeyFactory factory, KeySpec spec) throws GeneralSecurityException;
  }

  private static <K extends Key> K read(
      String file, String kind, Function<byte[], KeySpec> spec, Generation<K> generation) {
    Matcher pem = PEM.matcher(content(file));
    if (!pem.find() || !pem.group(1).equals(kind)) {
      throw EvidenceErrors.unusableKey(file, "it has no PEM block " + kind);
    }
    byte[] encoded;
    try {
      encoded = Base64.getMimeDecoder().decode(pem.group(2));
    } catch (IllegalArgumentException e) {
      throw EvidenceErrors.unusableKey(file, "its PEM block is not Base64");
    }
    for (String algorithm : List.of(ED25519, EC)) {
      try {
        K key = generation.of(KeyFactory.getInstance(algorithm), spec.apply(encoded));
        if (isSupported(key)) {
          return key;
        }
      } catch (GeneralSecurityException e) {
        // Not a key of this algorithm.
      }
    }
    throw EvidenceErrors.unusableKey(file, "its algorithm or curve is not supported");
  }

  private static String content(String file) {
    try {
      return Files.readString(Path.of(file), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw EvidenceErrors.unusableKey(file, "it cannot be read");
    }
  }

  private static boolean isSupported(Key key) {
    return !(key instanceof ECKey curve)
        || curve.getParams().getCurve().getField().getFieldSize() == P256_BITS;
  }

  private static String algorithm(Key key) {
    return key instanceof ECKey ? "SHA256withECDSA" : ED25519;
  }
}
