package org.lethe.cluster.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.lethe.cluster.wire.Hello.Purpose;
import org.lethe.cluster.wire.Slices.Chunk;
import org.lethe.compute.FlatVector;

/**
 * A worker's part in averaging the vectors of all workers.
 *
 * <p>Three threads work at the same time. The first sends this worker's version of each slice to
 * its owner. The second receives the others' versions of its own slice, adds them in the order of
 * the workers, and sends the average to all. The third receives the averages of the other slices.
 * All go through the chunks in the same order, so no cycle of waiting threads can arise, whatever
 * the sockets buffer.
 *
 * <p>A chunk is overwritten by its average only after its owner has received this worker's version.
 * So the vectors are averaged in place.
 */
public final class Exchange implements AutoCloseable {
  private static final long POLL_MILLIS = 200;

  private final int worker;
  private final Listener listener;
  private final Meeting meeting;
  private final Map<Integer, Connection> contributions = new TreeMap<>();
  private final Map<Integer, Connection> averages = new TreeMap<>();

  private Exchange(int worker, Listener listener, Meeting meeting) {
    this.worker = worker;
    this.listener = listener;
    this.meeting = meeting;
  }

  /**
   * Bytes that a worker sent in one exchange.
   *
   * @param toWorkers bytes to each worker, 0 to itself
   * @param toDriver bytes to the driver
   */
  public record Traffic(List<Long> toWorkers, long toDriver) implements java.io.Serializable {
    public Traffic {
      toWorkers = List.copyOf(toWorkers);
    }
  }

  /**
   * Averages the vectors of all workers in place.
   *
   * @param host address at which the other workers reach this one
   * @param worker index of this worker
   * @param weight weight of its version; 0 takes part without a version. If all weights are 0, the
   *     vectors stay as they are
   * @param cancelled whether to give up; asked several times a second
   * @throws IOException if another process fails, or this one is cancelled
   */
  public static Traffic run(
      MeetingPoint point,
      String host,
      int worker,
      double weight,
      List<FlatVector> vectors,
      BooleanSupplier cancelled)
      throws IOException {
    try (Listener listener = Listener.open(host, point.secret());
        Meeting meeting = Meeting.join(point, worker);
        Exchange exchange = new Exchange(worker, listener, meeting)) {
      return exchange.run(new Roster.Entry(host, listener.port(), weight), vectors, cancelled);
    }
  }

  private Traffic run(Roster.Entry self, List<FlatVector> vectors, BooleanSupplier cancelled)
      throws IOException {
    Slices slices = Slices.of(vectors, meeting.point().workers());
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Threads running = new Threads(threads, cancelled);
      running.start(() -> meeting.introduce(self));
      running.join();
      Roster roster = meeting.roster();
      if (roster.totalWeight() > 0) {
        running.start(() -> connect(roster));
        running.join();
        running.start(() -> send(roster, slices, vectors));
        running.start(() -> average(roster, slices, vectors));
        running.start(() -> Gather.run(averages, slices, vectors));
        running.join();
      }
      return traffic();
    } finally {
      close();
      threads.shutdownNow();
    }
  }

  /** Work of an exchange that may fail or wait for ever. */
  private interface Work {
    void run() throws IOException;
  }

  /** Threads whose failure, or whose cancellation, ends the exchange. */
  private final class Threads {
    private final CompletionService<Object> service;
    private final BooleanSupplier cancelled;
    private int running;

    Threads(ExecutorService threads, BooleanSupplier cancelled) {
      service = new ExecutorCompletionService<>(threads);
      this.cancelled = cancelled;
    }

    void start(Work work) {
      Callable<Object> call =
          () -> {
            work.run();
            return work;
          };
      Future<Object> unused = service.submit(call);
      running++;
    }

    void join() throws IOException {
      try {
        while (running > 0) {
          Future<Object> done = service.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
          if (done != null) {
            done.get();
            running--;
          } else if (cancelled.getAsBoolean()) {
            throw new IOException("The exchange was cancelled");
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("The exchange was interrupted", e);
      } catch (ExecutionException e) {
        throw new IOException("The exchange failed: " + e.getCause(), e.getCause());
      }
    }
  }

  /** Connects to the workers before this one, and accepts those behind it. */
  private void connect(Roster roster) throws IOException {
    for (int other = 0; other < worker; other++) {
      for (Purpose purpose : List.of(Purpose.CONTRIBUTIONS, Purpose.AVERAGES)) {
        add(
            other,
            Connection.connect(
                roster.entries().get(other).address(),
                new Hello(purpose, worker),
                meeting.point().secret()));
      }
    }
    int expected = 2 * (roster.workers() - 1 - worker);
    for (int i = 0; i < expected; i++) {
      Connection accepted = listener.accept();
      add(accepted.hello().worker(), accepted);
    }
  }

  private synchronized void add(int other, Connection connection) {
    Map<Integer, Connection> target =
        connection.hello().purpose() == Purpose.CONTRIBUTIONS ? contributions : averages;
    if (target.put(other, connection) != null) {
      throw new IllegalStateException("Invalid connection: worker " + other + " connects twice");
    }
  }

  private void send(Roster roster, Slices slices, List<FlatVector> vectors) throws IOException {
    if (roster.weight(worker) == 0) {
      return;
    }
    ChunkBuffer buffer = new ChunkBuffer(slices);
    for (int number = 0; number < slices.mostChunks(); number++) {
      for (int owner : others(roster.workers())) {
        if (number < slices.chunks(owner)) {
          contributions.get(owner).write(buffer.read(vectors, slices.chunk(owner, number)));
        }
      }
    }
  }

  private void average(Roster roster, Slices slices, List<FlatVector> vectors) throws IOException {
    double total = roster.totalWeight();
    ChunkBuffer buffer = new ChunkBuffer(slices);
    RunningSum sum = new RunningSum(slices.type());
    for (int number = 0; number < slices.chunks(worker); number++) {
      Chunk chunk = slices.chunk(worker, number);
      for (int from = 0; from < roster.workers(); from++) {
        if (roster.weight(from) > 0) {
          ByteBuffer version =
              from == worker
                  ? buffer.read(vectors, chunk)
                  : contributions.get(from).read(buffer.room(chunk));
          sum.add(version, roster.weight(from) / total);
        }
      }
      ByteBuffer average = buffer.room(chunk);
      sum.finish(average);
      buffer.write(average.duplicate(), vectors, chunk);
      for (int to : others(roster.workers())) {
        averages.get(to).write(average.duplicate());
      }
      if (meeting.point().sendsAverages()) {
        meeting.driver().write(average.duplicate());
      }
    }
  }

  /** The other workers, beginning behind this one, so that not all send to the same first. */
  private List<Integer> others(int workers) {
    List<Integer> others = new ArrayList<>();
    for (int i = 1; i < workers; i++) {
      others.add((worker + i) % workers);
    }
    return others;
  }

  private Traffic traffic() {
    List<Long> bytes = new ArrayList<>();
    for (int other = 0; other < meeting.point().workers(); other++) {
      bytes.add(sent(contributions, other) + sent(averages, other));
    }
    return new Traffic(bytes, meeting.driver().sentBytes());
  }

  private static long sent(Map<Integer, Connection> connections, int other) {
    Connection found = connections.get(other);
    return found == null ? 0 : found.sentBytes();
  }

  /** Closes all connections, so that threads that wait for them end. */
  @Override
  public synchronized void close() {
    listener.close();
    meeting.close();
    contributions.values().forEach(Connection::close);
    averages.values().forEach(Connection::close);
  }
}
