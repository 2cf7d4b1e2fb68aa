package org.lethe.run.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

/** Tasks on executors, which know the lease of their run by its ticket. */
final class LeaseTicketTest {
  @TempDir private static Path folder;

  static Stream<LeaseSite> sites() {
    return LeaseSite.sites(folder);
  }

  /** A task of a dead run's executor, which does not know yet that another run has taken over. */
  @ParameterizedTest
  @MethodSource("sites")
  void anExecutorOfALostLeasePublishesNothing(LeaseSite site) throws IOException {
    Lease lost = site.acquire(site.first);
    LeaseTicket ticket = LeaseTicket.of(lost.ticket().toText());
    assertThat(ticket).isEqualTo(lost.ticket());
    org.apache.hadoop.fs.Path target = site.directory().below("evaluation/part");
    ticket.confirm(target, LeaseFile.of(site.directory(), LeaseSite.NONE), LeaseSite.NONE);
    site.advance(LeaseSite.MINUTE.plusSeconds(2));
    try (Lease second = site.acquire(site.second)) {
      assertThatThrownBy(
              () ->
                  ticket.confirm(
                      target, LeaseFile.of(site.directory(), LeaseSite.NONE), LeaseSite.NONE))
          .isInstanceOf(LetheException.class)
          .hasMessageContaining("pod-2")
          .extracting(e -> ((LetheException) e).exitClass())
          .isEqualTo(ExitClass.CONFLICT);
      second
          .ticket()
          .confirm(target, LeaseFile.of(site.directory(), LeaseSite.NONE), LeaseSite.NONE);
    }
    assertThatThrownBy(
            () ->
                ticket.confirm(
                    target, LeaseFile.of(site.directory(), LeaseSite.NONE), LeaseSite.NONE))
        .hasMessageContaining("'lethe unlock' or another process");
  }

  @Test
  void anExecutorWaitsForALockThatIsBeingWritten() throws IOException {
    LeaseSite.Local site = new LeaseSite.Local(folder);
    try (Lease held = site.acquire(site.first)) {
      Path lock = site.run.resolve("lock.json");
      byte[] complete = Files.readAllBytes(lock);
      Files.write(lock, new byte[0]);
      held.ticket()
          .confirm(
              site.directory().result(),
              LeaseFile.of(site.directory(), LeaseSite.NONE),
              duration -> Files.write(lock, complete));
      Files.write(lock, new byte[0]);
      assertThatThrownBy(
              () ->
                  held.ticket()
                      .confirm(
                          site.directory().result(),
                          LeaseFile.of(site.directory(), LeaseSite.NONE),
                          LeaseSite.NONE))
          .isInstanceOf(LetheException.class);
    }
  }
}
