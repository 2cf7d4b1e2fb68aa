package org.lethe.reveal.oracle;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lethe.error.RevealErrors;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;

/**
 * Scores responses with an external program. For each line {@code
 * {"id":0,"card":"...","prompt":"...","text":"..."}} on its standard input, the program writes a
 * line {@code {"id":0,"score":0.5}} to its standard output, in any order. It starts with the first
 * batch and ends with {@link #close}. Its standard error is discarded, because it may quote texts.
 */
public final class ExternalProcess implements RelevanceOracle {
  private static final long PATIENCE_SECONDS = 5;

  private final String name;
  private final List<String> command;
  private final Duration timeout;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "external-scorer");
            thread.setDaemon(true);
            return thread;
          });
  private Process process;
  private BufferedWriter input;
  private BufferedReader output;

  /**
   * @param name name of the scorer, for messages
   * @param program command with arguments, run without a shell, and its timeout
   */
  public ExternalProcess(String name, OracleSettings.Scorer.Program program) {
    this.name = name;
    this.command = program.command();
    this.timeout = program.timeout();
  }

  @Override
  public synchronized double[] relevance(TopicCard card, List<Response> responses) {
    if (responses.isEmpty()) {
      return new double[0];
    }
    start();
    // Write and read concurrently: a program that answers while it reads would otherwise block on a
    // full pipe.
    CompletableFuture<Void> written =
        CompletableFuture.runAsync(() -> write(card, responses), threads);
    CompletableFuture<double[]> read =
        CompletableFuture.supplyAsync(() -> read(responses.size()), threads);
    try {
      double[] scores = read.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      written.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return scores;
    } catch (TimeoutException e) {
      stop();
      throw RevealErrors.scorerFailed(name, "did not answer within " + timeout.toSeconds() + " s");
    } catch (ExecutionException e) {
      stop();
      if (e.getCause() instanceof ScorerAnswer.Malformed malformed) {
        throw RevealErrors.scorerFailed(name, malformed.problem());
      }
      throw RevealErrors.scorerFailed(name, "ended or closed its pipes");
    } catch (InterruptedException e) {
      stop();
      Thread.currentThread().interrupt();
      throw RevealErrors.scorerFailed(name, "was interrupted");
    }
  }

  private void start() {
    if (process != null) {
      return;
    }
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      // The cause would contain the command, whose arguments may be secret.
      throw RevealErrors.scorerFailed(name, "could not be started");
    }
    input =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private void write(TopicCard card, List<Response> responses) {
    try {
      for (int i = 0; i < responses.size(); i++) {
        input.write(ScorerAnswer.request(i, card, responses.get(i)).toString());
        input.write('\n');
      }
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double[] read(int count) {
    ScorerAnswer answer = new ScorerAnswer(count);
    try {
      while (!answer.complete()) {
        String line = output.readLine();
        if (line == null) {
          throw new ScorerAnswer.Malformed("ended before all texts were scored");
        }
        answer.line(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer.scores();
  }

  private void stop() {
    if (process != null) {
      process.destroyForcibly();
      process = null;
    }
  }

  /** Closes the program's standard input. Kills the program if it does not end then. */
  @Override
  public synchronized void close() {
    if (process != null) {
      try {
        input.close();
        process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (IOException e) {
        // It has already ended.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      stop();
    }
    threads.shutdownNow();
  }
}
