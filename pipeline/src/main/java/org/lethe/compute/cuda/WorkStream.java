package org.lethe.compute.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.lethe.compute.Graphs;

/**
 * The only stream of a device. All work runs in it, in call order. Whoever starts work or changes
 * the device's memory holds its monitor.
 *
 * <p>With graphs, operations wait until they are many or until a result is read. Such a segment
 * runs as a CUDA graph from its second time on. A graph runs only if a new segment has the same
 * operations with the same arguments, so it does exactly what they would do.
 */
final class WorkStream {
  /** Operations of a segment. The device runs one while the host collects the next. */
  private static final int MOST = 128;

  /** Operations that are worth a graph. */
  private static final int LEAST = 8;

  private static final int KEPT = 64;

  /** Operations, and the graph that runs them, or 0 before there is one. */
  private static final class Segment {
    private final List<Operation> operations;
    private long graph;

    Segment(List<Operation> operations) {
      this.operations = operations;
    }
  }

  private final long handle;
  private final Graphs graphs;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private List<Operation> waiting = new ArrayList<>();
  private Runnable preparation = () -> {};

  WorkStream(long handle, Graphs graphs) {
    this.handle = handle;
    this.graphs = graphs;
  }

  long handle() {
    return handle;
  }

  /** Whether operations are collected. */
  boolean collects() {
    return graphs == Graphs.ON;
  }

  /** Sets what has to be started before each segment. */
  void prepare(Runnable work) {
    preparation = work;
  }

  /** Starts an operation, at once or with its segment. */
  synchronized void start(Operation operation) {
    if (!collects()) {
      operation.start();
      return;
    }
    waiting.add(operation);
    if (waiting.size() == MOST) {
      flush();
    }
  }

  /** Starts all operations that wait. */
  synchronized void flush() {
    if (waiting.isEmpty()) {
      return;
    }
    List<Operation> operations = waiting;
    waiting = new ArrayList<>(MOST);
    preparation.run();
    Segment segment = operations.size() < LEAST ? null : find(operations);
    if (segment != null) {
      replay(segment);
    } else {
      operations.forEach(Operation::start);
      if (operations.size() >= LEAST) {
        remember(new Segment(operations));
      }
    }
  }

  /** Returns the segment with the same operations and makes it the latest, or null. */
  private Segment find(List<Operation> operations) {
    for (Iterator<Segment> i = segments.iterator(); i.hasNext(); ) {
      Segment candidate = i.next();
      if (candidate.operations.equals(operations)) {
        i.remove();
        segments.addFirst(candidate);
        return candidate;
      }
    }
    return null;
  }

  private void remember(Segment segment) {
    if (segments.size() == KEPT) {
      Segment oldest = segments.removeLast();
      if (oldest.graph != 0) {
        // The device may still run it.
        synchronize();
        Device.check(Driver.cuGraphExecDestroy(oldest.graph), "cuGraphExecDestroy");
      }
    }
    segments.addFirst(segment);
  }

  private void replay(Segment segment) {
    if (segment.graph == 0) {
      segment.graph = capture(segment.operations);
    }
    Device.check(Driver.cuGraphLaunch(segment.graph, handle), "cuGraphLaunch");
  }

  /** Returns a graph of the operations, which do not run. */
  private long capture(List<Operation> operations) {
    Device.check(Driver.cuStreamBeginCapture(handle, Driver.THREAD_LOCAL), "cuStreamBeginCapture");
    long[] graph = new long[1];
    int code;
    try {
      operations.forEach(Operation::start);
    } finally {
      code = Driver.cuStreamEndCapture(handle, graph);
    }
    Device.check(code, "cuStreamEndCapture");
    long[] executable = new long[1];
    Device.check(
        Driver.cuGraphInstantiateWithFlags(executable, graph[0], 0), "cuGraphInstantiateWithFlags");
    Device.check(Driver.cuGraphDestroy(graph[0]), "cuGraphDestroy");
    return executable[0];
  }

  /** Waits for everything that was started. */
  void synchronize() {
    Device.check(Driver.cuStreamSynchronize(handle), "cuStreamSynchronize");
  }
}
