package org.lethe.cluster.wire;

import java.io.Serializable;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Random key that the processes of one training share. It travels inside Spark's tasks. */
public final class Secret implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String MAC = "HmacSHA256";
  private static final int BYTES = 32;

  private final byte[] key = new byte[BYTES];
  private final Protection protection;

  private Secret(Protection protection) {
    this.protection = protection;
    new SecureRandom().nextBytes(key);
  }

  /** Protection of the connections. */
  public enum Protection {
    /** Both ends prove that they know the secret. */
    AUTHENTICATED,
    /** Also, everything they send is encrypted and authenticated. */
    ENCRYPTED
  }

  /** Returns a new random secret. */
  public static Secret random(Protection protection) {
    return new Secret(protection);
  }

  Protection protection() {
    return protection;
  }

  /** Message authentication code of some parts. */
  byte[] code(byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(key, MAC));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("Every Java platform has " + MAC, e);
    }
  }

  /** Hides the key. */
  @Override
  public String toString() {
    return "Secret[" + protection + "]";
  }
}
