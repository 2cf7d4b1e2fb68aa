package org.lethe.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

final class RunLockTest {
  private static final Duration IDLE = Duration.ofHours(6);

  @TempDir private Path folder;
  private RunDirectory directory;

  @BeforeEach
  void open() {
    directory = RunDirectory.at(folder.resolve("run").toString(), new Configuration());
  }

  @Test
  void secondHolderIsRejectedWithTheOwnersName() {
    try (RunLock held = acquire()) {
      assertThat(held).isNotNull();
      assertThatThrownBy(this::acquire)
          .isInstanceOfSatisfying(
              LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.CONFLICT))
          .hasMessageStartingWith("Run directory in use: " + directory)
          .hasMessageContaining("is locked by process " + ProcessHandle.current().pid() + " on ")
          .hasMessageContaining("use another --run-dir")
          .hasMessageEndingWith("delete " + directory.lockFile());
    }
  }

  @Test
  void aClosedLockIsFreeAgain() {
    acquire().close();
    assertThat(folder.resolve("run/lock.json")).doesNotExist();
    acquire().close();
  }

  @Test
  void lockOfADeadLocalProcessIsTakenOver() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    assertThat(dead.waitFor()).isZero();
    writeLock(InetAddress.getLocalHost().getHostName(), dead.pid(), "", "");
    try (RunLock held = acquire()) {
      assertThat(held).isNotNull();
    }
  }

  @Test
  void aLaterProcessWithTheSameIdIsNotTheOwner() throws IOException {
    writeLock(
        InetAddress.getLocalHost().getHostName(),
        ProcessHandle.current().pid(),
        "2001-01-01T00:00:00Z",
        "");
    acquire().close();
  }

  @Test
  void lockOfAnotherMachineExpiresWhenIdle() throws IOException {
    writeLock("elsewhere", 1, "", "");
    assertThatThrownBy(this::acquire).hasMessageContaining("process 1 on elsewhere");
    for (String name : List.of("lock.json", ".lock.guard")) {
      Files.setLastModifiedTime(
          folder.resolve("run").resolve(name),
          FileTime.from(Instant.now().minus(IDLE).minusSeconds(60)));
    }
    // Opening the guard file does not change its modification time.
    acquire().close();
  }

  @Test
  void aLaterAttemptOfTheSameApplicationTakesOver() throws IOException {
    writeLock("elsewhere", 1, "", "application_1_0001");
    RunLock.acquire(directory, Optional.of("application_1_0001"), IDLE).close();
  }

  @Test
  void emptyLockFileIsTakenOver() throws IOException {
    Files.createDirectories(folder.resolve("run"));
    Files.createFile(folder.resolve("run/lock.json"));
    acquire().close();
  }

  @Test
  void exactlyOneOfSeveralThreadsWins() throws Exception {
    writeLock(InetAddress.getLocalHost().getHostName(), 4_000_000, "", "");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch together = new CountDownLatch(8);
    List<Future<Boolean>> attempts = new ArrayList<>();
    Callable<Boolean> attempt =
        () -> {
          together.countDown();
          together.await();
          try {
            assertThat(acquire()).isNotNull();
            return true;
          } catch (LetheException e) {
            return false;
          }
        };
    for (int i = 0; i < 8; i++) {
      attempts.add(threads.submit(attempt));
    }
    int winners = 0;
    for (Future<Boolean> one : attempts) {
      winners += one.get() ? 1 : 0;
    }
    threads.shutdown();
    assertThat(winners).isEqualTo(1);
  }

  private RunLock acquire() {
    return RunLock.acquire(directory, Optional.empty(), IDLE);
  }

  private void writeLock(String host, long pid, String started, String application)
      throws IOException {
    Files.createDirectories(folder.resolve("run"));
    Files.writeString(
        folder.resolve("run/lock.json"),
        """
        {"host": "%s", "pid": %d, "process_started": "%s", "acquired": "2026-01-01T00:00:00Z",
         "application": "%s", "token": "t"}
        """
            .formatted(host, pid, started, application));
  }
}
