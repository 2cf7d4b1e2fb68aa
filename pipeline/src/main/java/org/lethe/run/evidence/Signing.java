package org.lethe.run.evidence;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Who signs a record.
 *
 * @param key file with the private key; empty if there is none
 * @param command program that signs, with arguments; empty if there is none
 */
public record Signing(Optional<String> key, List<String> command) {
  private static final byte[] TRIAL = "lethe".getBytes(StandardCharsets.US_ASCII);

  public Signing {
    command = List.copyOf(command);
  }

  /** Empty for an unsigned run. */
  public Optional<Signer> signer() {
    return key.map(Keys::signer)
        .or(() -> command.isEmpty() ? Optional.empty() : Optional.of(new CommandSigner(command)));
  }

  /** Signs a few bytes, so that a missing key is found before the work and not after it. */
  public void tryOut() {
    signer().ifPresent(signer -> signer.sign(TRIAL));
  }
}
