package org.lethe.jobs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** A program that keeps a key and signs with it, as the client of a key service does. */
final class KeyService {
  private static final String ALGORITHM = "Ed25519";

  private KeyService() {}

  /** Signs standard input with the key in the given file. */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initSign(
        KeyFactory.getInstance(ALGORITHM)
            .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(Path.of(arguments[0])))));
    signature.update(System.in.readAllBytes());
    System.out.println(
        new String(Base64.getEncoder().encode(signature.sign()), StandardCharsets.US_ASCII));
  }

  /** Makes a key, writes its public part as PEM, and returns the program with its arguments. */
  static List<String> create(Path folder, Path publicKey)
      throws IOException, GeneralSecurityException {
    KeyPair keys = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    Path key = folder.resolve("service.key");
    Files.write(key, keys.getPrivate().getEncoded());
    Files.writeString(
        publicKey,
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
    Path classes =
        Path.of(KeyService.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        classes.toString(),
        KeyService.class.getName(),
        key.toString());
  }
}
