package org.lethe.run.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

final class CommandSignerTest {
  private static final byte[] BYTES = "to sign\n".getBytes(StandardCharsets.UTF_8);

  @Test
  void programGetsTheBytesAndGivesTheSignatureInBase64() {
    assertThat(new CommandSigner(List.of("base64")).sign(BYTES)).isEqualTo(BYTES);
  }

  @Test
  void longInputsAndOutputsDoNotBlock() {
    byte[] large = new byte[1 << 20];
    assertThat(new CommandSigner(List.of("base64")).sign(large)).isEqualTo(large);
  }

  @Test
  void failuresNameTheProgramAndNotItsArguments() {
    assertFails(
        List.of("no-such-program", "secret"), "no-such-program failed: it could not be started");
    assertFails(List.of("sh", "-c", "exit 3"), "sh failed: it ended with status 3");
    assertFails(List.of("sh", "-c", "cat >&2"), "sh failed: it wrote no signature");
    assertFails(List.of("echo", "A"), "echo failed: its output is not Base64");
  }

  @Test
  void programThatDoesNotEndIsStopped() {
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(
            () -> new CommandSigner(List.of("sleep", "600"), Duration.ofMillis(50)).sign(BYTES))
        .withMessageStartingWith("Signing with sleep failed: it gave no signature within 0 s");
  }

  @Test
  void unsignedRunHasNoSigner() {
    Signing none = new Signing(Optional.empty(), List.of());
    none.tryOut();
    assertThat(none.signer()).isEmpty();
    assertThat(new Signing(Optional.empty(), List.of("base64")).signer()).isPresent();
  }

  private static void assertFails(List<String> command, String message) {
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> new CommandSigner(command).sign(BYTES))
        .withMessageStartingWith("Signing with " + message)
        .withMessageContaining("expected a program that reads the bytes to sign")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"))
        .satisfies(e -> assertThat(e.exitClass()).isEqualTo(ExitClass.USAGE));
  }
}
