package org.lethe.run.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.store.MemoryFileSystem;

final class LeaseTest {
  @TempDir private static Path folder;

  static Stream<LeaseSite> sites() {
    return LeaseSite.sites(folder);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void aSecondRunIsRejectedWithTheOwnersNameAndTheTimeLeft(LeaseSite site) throws IOException {
    try (Lease held = site.acquire(site.first)) {
      assertThat(held.lost()).isEmpty();
      site.advance(Duration.ofSeconds(25));
      assertThatThrownBy(() -> site.acquire(site.second))
          .isInstanceOfSatisfying(
              LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.CONFLICT))
          .hasMessageStartingWith(
              "Run directory in use: " + site.directory() + " is held by process 7 on pod-1, since")
          .hasMessageContaining("its lease ends in 3")
          .hasMessageEndingWith("or run 'lethe unlock " + site.directory() + "'");
      held.confirm(site.directory().result());
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void aClosedLeaseIsFreeAndLeavesNothing(LeaseSite site) throws IOException {
    site.acquire(site.first).close();
    assertThat(site.exists()).isFalse();
    site.acquire(site.second).close();
    List<String> left = new ArrayList<>();
    for (var status : site.directory().fileSystem().listStatus(site.directory().root())) {
      left.add(status.getPath().getName());
    }
    left.remove(".lock.guard");
    assertThat(left).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void theLeaseOfAKilledRunEndsAfterItsDuration(LeaseSite site) throws IOException {
    Lease killed = site.acquire(site.first);
    site.advance(LeaseSite.MINUTE.plusSeconds(2));
    try (Lease next = site.acquire(site.second)) {
      assertThat(next.lost()).isEmpty();
      next.confirm(site.directory().result());
      assertThat(killed.lost()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void renewalsKeepTheLease(LeaseSite site) throws IOException {
    Lease held = site.acquire(site.first);
    for (int i = 0; i < 20; i++) {
      site.advance(Duration.ofSeconds(10));
      site.beats.get(0).run();
    }
    assertThatThrownBy(() -> site.acquire(site.second)).isInstanceOf(LetheException.class);
    held.confirm(site.directory().result());
    held.close();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void aPausedRunThatContinuesAfterATakeOverNeverWritesAgain(LeaseSite site) throws IOException {
    List<String> stopped = new ArrayList<>();
    Lease paused = site.acquire(site.first, () -> stopped.add("first"));
    site.advance(LeaseSite.MINUTE.plusSeconds(2));
    Lease next = site.acquire(site.second, () -> stopped.add("second"));
    assertThatThrownBy(() -> paused.confirm(site.directory().result()))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.CONFLICT))
        .hasMessageStartingWith(
            "Lost the run directory " + site.directory() + " to process 7 on pod-2, since")
        .hasMessageContaining("this run stopped before it wrote " + site.directory().result());
    assertThat(stopped).containsExactly("first");
    // Its thread may still beat, and it closes. Neither may disturb the new owner.
    site.beats.get(0).run();
    paused.close();
    site.beats.get(1).run();
    next.confirm(site.directory().result());
    assertThat(paused.lost()).isPresent();
    assertThat(next.lost()).isEmpty();
    next.close();
    assertThat(site.exists()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void aRenewalNoticesTheTakeOver(LeaseSite site) throws IOException {
    List<String> stopped = new ArrayList<>();
    Lease paused = site.acquire(site.first, () -> stopped.add("first"));
    site.advance(LeaseSite.MINUTE.plusSeconds(2));
    try (Lease next = site.acquire(site.second)) {
      site.beats.get(0).run();
      assertThat(stopped).containsExactly("first");
      assertThat(paused.lost()).isPresent();
      next.confirm(site.directory().result());
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void documentsOfARunThatLostItsLeaseAreNotWritten(LeaseSite site) throws IOException {
    RunDirectory directory = site.directory();
    Lease held = site.acquire(site.first);
    Documents.write(directory.fileSystem(), directory.result(), Map.of("of", "the first"));
    Documents.delete(directory.fileSystem(), directory.lockFile());
    assertThatThrownBy(
            () -> Documents.write(directory.fileSystem(), directory.result(), Map.of("of", "it")))
        .hasMessageStartingWith("Lost the run directory")
        .hasMessageContaining("to 'lethe unlock' or another process");
    assertThatThrownBy(() -> Documents.delete(directory.fileSystem(), directory.shards()))
        .hasMessageStartingWith("Lost the run directory");
    assertThat(Documents.read(directory.fileSystem(), directory.result()).path("of").asText())
        .isEqualTo("the first");
    held.close();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void oneOfTwoTakersWins(LeaseSite site) throws IOException {
    Lease dead = site.acquire(site.first);
    assertThat(dead.lost()).isEmpty();
    LeaseFile one = LeaseFile.of(site.directory(), LeaseSite.NONE);
    LeaseFile other = LeaseFile.of(site.directory(), LeaseSite.NONE);
    LeaseFile.Seen seenByOne = one.read().orElseThrow();
    LeaseFile.Seen seenByOther = other.read().orElseThrow();
    assertThat(one.replace(seenByOne, document("one"))).isTrue();
    assertThat(other.replace(seenByOther, document("other"))).isFalse();
    assertThat(one.read().orElseThrow().document().token()).isEqualTo("one");
    assertThat(other.create(document("third"))).isFalse();
  }

  /** Both check before either writes: the last writer wins, and the first one notices. */
  @Test
  void aStoreThatChecksAndWritesInTwoStepsHasOneOwner() throws IOException {
    MemoryFileSystem files = new MemoryFileSystem(MemoryFileSystem.OLD_S3A);
    RunDirectory directory =
        RunDirectory.at(new org.apache.hadoop.fs.Path("memory://store/run"), files);
    var late = files.create(directory.lockFile(), false);
    LeaseFile early =
        new ExclusiveLeaseFile(
            directory,
            settling -> {
              late.write(LeaseFile.bytes(document("late")));
              late.close();
            });
    assertThat(early.create(document("early"))).isFalse();
    assertThat(early.read().orElseThrow().document().token()).isEqualTo("late");
  }

  private static LeaseDocument document(String token) {
    return new LeaseDocument(LeaseDocument.FORMAT, token, LeaseSite.owner(token), "now", 60, 0);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void unlockEndsTheLeaseOfAKilledRun(LeaseSite site) throws IOException {
    assertThat(site.unlock(LeaseSite.NONE)).isEqualTo(site.directory() + " is not locked.");
    Lease killed = site.acquire(site.first);
    assertThat(killed.lost()).isEmpty();
    List<Duration> watched = new ArrayList<>();
    assertThat(site.unlock(watched::add))
        .startsWith("Unlocked " + site.directory() + ", which was held by process 7 on pod-1");
    assertThat(watched).containsExactly(Duration.ofSeconds(30));
    site.acquire(site.second).close();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void unlockRefusesWhileTheOwnerRenews(LeaseSite site) {
    try (Lease alive = site.acquire(site.first)) {
      assertThatThrownBy(() -> site.unlock(duration -> site.beats.get(0).run()))
          .isInstanceOfSatisfying(
              LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.CONFLICT))
          .hasMessageContaining("is held by process 7 on pod-1")
          .hasMessageEndingWith("which renewed its lease just now; stop that run first");
      assertThat(alive.lost()).isEmpty();
    }
  }

  @Test
  void aDeadProcessOfTheSameProcessTableLosesItsLeaseAtOnce() throws Exception {
    LeaseSite site = new LeaseSite.Local(folder);
    LeaseOwner self = LeaseOwner.self(Optional.empty());
    Process dead = new ProcessBuilder("true").start();
    assertThat(dead.waitFor()).isZero();
    Lease killed = site.acquire(new LeaseOwner(self.host(), self.processes(), dead.pid(), "", ""));
    assertThat(killed.lost()).isEmpty();
    try (Lease next = site.acquire(self)) {
      next.confirm(site.directory().result());
    }
  }

  @Test
  void aLaterProcessWithTheSameIdIsNotTheOwner() {
    LeaseSite site = new LeaseSite.Local(folder);
    LeaseOwner self = LeaseOwner.self(Optional.empty());
    Lease killed =
        site.acquire(
            new LeaseOwner(self.host(), self.processes(), self.pid(), "2001-01-01T00:00:00Z", ""));
    assertThat(killed.lost()).isEmpty();
    site.acquire(self).close();
  }

  /** Containers share the host name and the process ids of their machine, but no process table. */
  @Test
  void aProcessInAnotherContainerIsNotTakenForDead() throws Exception {
    LeaseSite site = new LeaseSite.Local(folder);
    LeaseOwner self = LeaseOwner.self(Optional.empty());
    Process dead = new ProcessBuilder("true").start();
    assertThat(dead.waitFor()).isZero();
    try (Lease alive =
        site.acquire(new LeaseOwner(self.host(), "boot pid:[1]", dead.pid(), "", ""))) {
      assertThatThrownBy(() -> site.acquire(self)).hasMessageStartingWith("Run directory in use");
      alive.confirm(site.directory().result());
    }
  }

  @Test
  void aLaterAttemptOfTheSameApplicationTakesOver() {
    LeaseSite site = new LeaseSite.Memory("HDFS", MemoryFileSystem.HDFS);
    Lease first = site.acquire(new LeaseOwner("a", "boot a", 1, "", "application_1_0001"));
    try (Lease second = site.acquire(new LeaseOwner("b", "boot b", 2, "", "application_1_0001"))) {
      second.confirm(site.directory().result());
      assertThatThrownBy(() -> first.confirm(site.directory().result()))
          .isInstanceOf(LetheException.class);
    }
  }

  @Test
  void locksOfOlderVersionsExpire() throws IOException {
    LeaseSite site = new LeaseSite.Local(folder);
    Path run = Path.of(site.directory().root().toUri().getPath());
    Files.createDirectories(run);
    Files.writeString(
        run.resolve("lock.json"),
        """
        {"host": "elsewhere", "pid": 1, "process_started": "", "acquired": "2026-01-01T00:00:00Z",
         "application": "", "token": "t"}
        """);
    assertThatThrownBy(() -> site.acquire(site.first)).hasMessageContaining("held by process");
    site.advance(LeaseSite.MINUTE.plusSeconds(2));
    site.acquire(site.first).close();
  }

  @Test
  void anEmptyLockFileIsTakenOver() throws IOException {
    LeaseSite site = new LeaseSite.Local(folder);
    Path run = Path.of(site.directory().root().toUri().getPath());
    Files.createDirectories(run);
    Files.createFile(run.resolve("lock.json"));
    site.acquire(site.first).close();
  }

  @Test
  void exactlyOneOfSeveralThreadsWins() throws Exception {
    LeaseSite.Local site = new LeaseSite.Local(folder);
    Lease dead = site.acquire(site.first);
    assertThat(dead.lost()).isEmpty();
    site.advance(LeaseSite.MINUTE.plusSeconds(2));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch together = new CountDownLatch(8);
    List<Future<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      LeaseOwner owner = LeaseSite.owner("thread-" + i);
      Callable<Boolean> attempt =
          () -> {
            together.countDown();
            together.await();
            try {
              var lease =
                  Lease.acquire(
                      site.directory(),
                      LeaseFile.of(site.directory(), LeaseSite.NONE),
                      owner,
                      LeaseSite.MINUTE,
                      (interval, beat) -> () -> {},
                      () -> {});
              return lease.lost().isEmpty();
            } catch (LetheException e) {
              return false;
            }
          };
      attempts.add(threads.submit(attempt));
    }
    int winners = 0;
    for (Future<Boolean> one : attempts) {
      winners += one.get() ? 1 : 0;
    }
    threads.shutdown();
    assertThat(winners).isEqualTo(1);
  }

  @Test
  void theDurationIsRecordedInTheLock() throws IOException {
    LeaseSite site = new LeaseSite.Memory("S3A", MemoryFileSystem.S3A);
    try (Lease held = site.acquire(site.first)) {
      assertThat(held.lost()).isEmpty();
      var lock = Documents.read(site.directory().fileSystem(), site.directory().lockFile());
      assertThat(lock.path("seconds").asLong()).isEqualTo(60);
      assertThat(lock.path("owner").path("host").asText()).isEqualTo("pod-1");
      assertThat(Instant.parse(lock.path("acquired").asText())).isNotNull();
    }
  }

  /** A signal's thread explains the command while the command's own thread still works. */
  @Test
  void anInterruptedOwnerPublishesNothingMore() {
    LeaseSite site = new LeaseSite.Local(folder);
    Lease interrupted = site.acquire(site.first);
    interrupted.abandon();
    RunDirectory directory = site.directory();
    assertThat(site.exists()).isFalse();
    assertThatThrownBy(
            () -> Documents.writeText(directory.fileSystem(), directory.result(), "late"))
        .isInstanceOf(LetheException.class)
        .extracting(e -> ((LetheException) e).exitClass())
        .isEqualTo(ExitClass.INTERRUPTED);
    site.acquire(site.second).close();
  }

  @Test
  void theHolderIsKnownToOthers() throws IOException {
    LeaseSite site = new LeaseSite.Memory("HDFS", MemoryFileSystem.HDFS);
    assertThat(Lease.holder(site.directory())).isEmpty();
    Lease held = site.acquire(site.first);
    assertThat(Lease.holder(site.directory()).orElseThrow().alive()).isTrue();
    site.advance(LeaseSite.MINUTE.plusSeconds(2));
    assertThat(Lease.holder(site.directory()))
        .hasValueSatisfying(
            holder -> {
              assertThat(holder.alive()).isFalse();
              assertThat(holder.description()).contains("pod-1");
            });
    held.close();
  }
}
