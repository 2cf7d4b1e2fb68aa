package org.lethe.cluster.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.lethe.compute.FlatVector;

/**
 * The driver's part of an exchange: introduces the workers to each other, and receives the averages
 * if it needs them. Works in a thread of its own until {@link #close}.
 */
public final class Rendezvous implements AutoCloseable {
  private final Listener listener;
  private final MeetingPoint point;
  private final Optional<List<FlatVector>> results;
  private final Thread thread;
  private final Map<Integer, Connection> workers = new TreeMap<>();
  private Optional<String> problem = Optional.empty();

  private Rendezvous(Listener listener, MeetingPoint point, Optional<List<FlatVector>> results) {
    this.listener = listener;
    this.point = point;
    this.results = results;
    thread = new Thread(this::serve, "lethe-rendezvous");
    thread.setDaemon(true);
  }

  /**
   * Opens the meeting point of a round.
   *
   * @param host address at which workers reach the driver
   * @param bind address at which it listens
   * @param results vectors to overwrite with the averages, if the driver needs them
   */
  public static Rendezvous open(
      String host, String bind, int workers, Optional<List<FlatVector>> results, Secret secret)
      throws IOException {
    Listener listener = Listener.open(bind, secret);
    MeetingPoint point =
        new MeetingPoint(host, listener.port(), workers, results.isPresent(), secret);
    Rendezvous opened = new Rendezvous(listener, point, results);
    opened.thread.start();
    return opened;
  }

  /** What workers need to find the meeting. */
  public MeetingPoint point() {
    return point;
  }

  private void serve() {
    try {
      Map<Integer, Roster.Entry> entries = new TreeMap<>();
      while (entries.size() < point.workers()) {
        Connection connection = listener.accept();
        ByteBuffer entry = ByteBuffer.allocate(Roster.Entry.BYTES);
        entries.put(connection.hello().worker(), Roster.Entry.readFrom(connection.read(entry)));
        add(connection);
      }
      Roster roster = new Roster(List.copyOf(entries.values()));
      for (Connection worker : workers.values()) {
        worker.write(roster.bytes());
      }
      if (results.isPresent() && roster.totalWeight() > 0) {
        Gather.run(workers, Slices.of(results.get(), point.workers()), results.get());
      }
    } catch (IOException | RuntimeException e) {
      fail("the driver's part failed: " + e);
    }
  }

  /** Adds a worker. A worker that comes again is a new attempt of its task. */
  private synchronized void add(Connection connection) {
    Connection before = workers.put(connection.hello().worker(), connection);
    if (before != null) {
      before.close();
    }
    if (problem.isPresent()) {
      connection.close();
    }
  }

  private synchronized void fail(String reason) {
    problem = problem.or(() -> Optional.of(reason));
    workers.values().forEach(Connection::close);
  }

  /** Reason for which the exchange has failed, if it has. */
  public synchronized Optional<String> problem() {
    return problem;
  }

  /** Waits until the driver has received what it needs, after all workers are done. */
  public void join() throws InterruptedException {
    thread.join();
  }

  @Override
  public void close() {
    listener.close();
    fail("closed");
  }
}
