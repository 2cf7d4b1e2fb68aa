package org.lethe.run.evidence;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lethe.error.EvidenceErrors;

/**
 * Signs with an external program that keeps the key: a PKCS#11 token, or a key service. The program
 * gets the bytes to sign on its standard input, and writes the signature in Base64 to its standard
 * output. Its standard error is discarded, because it may contain secrets.
 */
public final class CommandSigner implements Signer {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final List<String> command;
  private final Duration patience;

  /**
   * @param command program with arguments, run without a shell
   */
  public CommandSigner(List<String> command) {
    this(command, PATIENCE);
  }

  CommandSigner(List<String> command, Duration patience) {
    this.command = List.copyOf(command);
    this.patience = patience;
  }

  @Override
  public byte[] sign(byte[] bytes) {
    Process process = start();
    try {
      CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> answer(process));
      write(process, bytes);
      String text = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed("it did not end within " + patience.toSeconds() + " s");
      }
      if (process.exitValue() != 0) {
        throw failed("it ended with status " + process.exitValue());
      }
      return decoded(text);
    } catch (TimeoutException e) {
      throw failed("it gave no signature within " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw failed("its output could not be read");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("it was interrupted");
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start() {
    try {
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      // The cause would contain the command, whose arguments may be secret.
      throw failed("it could not be started");
    }
  }

  private static void write(Process process, byte[] bytes) {
    try (OutputStream input = process.getOutputStream()) {
      input.write(bytes);
    } catch (IOException e) {
      // The program ended without reading all of it; its status says the rest.
    }
  }

  private static String answer(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }

  private byte[] decoded(String text) {
    try {
      byte[] signature = Base64.getMimeDecoder().decode(text.strip());
      if (signature.length > 0) {
        return signature;
      }
    } catch (IllegalArgumentException e) {
      throw failed("its output is not Base64");
    }
    throw failed("it wrote no signature");
  }

  private RuntimeException failed(String reason) {
    return EvidenceErrors.signingFailed(command.get(0), reason);
  }
}
