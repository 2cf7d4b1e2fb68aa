package org.lethe.cluster.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.lethe.cluster.wire.Hello.Purpose;

/** A worker's connection to the driver, which introduces it to the other workers. */
final class Meeting implements AutoCloseable {
  private final MeetingPoint point;
  private final Connection driver;
  private Optional<Roster> roster = Optional.empty();

  private Meeting(MeetingPoint point, Connection driver) {
    this.point = point;
    this.driver = driver;
  }

  static Meeting join(MeetingPoint point, int worker) throws IOException {
    return new Meeting(
        point,
        Connection.connect(
            new InetSocketAddress(point.host(), point.port()),
            new Hello(Purpose.RENDEZVOUS, worker),
            point.secret()));
  }

  /** Tells the driver about this worker, and waits until all workers have done so. */
  void introduce(Roster.Entry self) throws IOException {
    ByteBuffer entry = ByteBuffer.allocate(Roster.Entry.BYTES);
    self.writeTo(entry);
    driver.write(entry.clear());
    ByteBuffer all = ByteBuffer.allocate(point.workers() * Roster.Entry.BYTES);
    roster = Optional.of(Roster.of(driver.read(all), point.workers()));
  }

  MeetingPoint point() {
    return point;
  }

  Roster roster() {
    return roster.orElseThrow();
  }

  Connection driver() {
    return driver;
  }

  @Override
  public void close() {
    driver.close();
  }
}
