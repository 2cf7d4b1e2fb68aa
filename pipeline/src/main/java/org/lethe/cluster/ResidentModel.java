package org.lethe.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.lethe.compute.FlatVector;
import org.lethe.direction.Optimizer;
import org.lethe.direction.OptimizerState;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.tensor.NativeBackend;
import org.lethe.tensor.NativeGarbage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models that stay in this JVM between tasks. A model is loaded when a task first needs it and kept
 * until a task needs a different one. Concurrent tasks have one model each.
 */
public final class ResidentModel {
  private static final Logger LOG = LoggerFactory.getLogger(ResidentModel.class);
  private static final Map<DecoderSource, Deque<Seat>> IDLE = new HashMap<>();

  private ResidentModel() {}

  /**
   * Leases a decoder. Its trainable parameters are those that the last user left, so write them
   * before use.
   */
  public static Lease lease(DecoderSource source, Configuration hadoop) {
    return new Lease(source, take(source).orElseGet(() -> load(source, hadoop)), hadoop);
  }

  /**
   * Leases a decoder whose parameters and optimizer vectors hold a state.
   *
   * @param state name given by {@link Lease#hold}
   * @throws IllegalStateException if this process no longer has it
   */
  public static Lease leaseHolding(DecoderSource source, String state, Configuration hadoop) {
    Seat seat =
        takeHolding(source, state)
            .orElseThrow(
                () -> new IllegalStateException("This process no longer holds the state " + state));
    return new Lease(source, seat, hadoop);
  }

  /**
   * Leases a decoder with its initial parameters. A resident one that was trained gets them again,
   * since a second model may not fit into memory.
   */
  public static Lease leaseInitial(DecoderSource source, Configuration hadoop) {
    Seat seat = takeInitial(source).or(() -> take(source)).orElseGet(() -> load(source, hadoop));
    Lease lease = new Lease(source, seat, hadoop);
    if (seat.changed) {
      try {
        source.restore(hadoop, seat.decoder);
      } catch (RuntimeException e) {
        lease.close();
        throw e;
      }
      seat.changed = false;
    }
    return lease;
  }

  /**
   * Returns a copy of the initial parameters, which the caller closes. The model is not leased any
   * more, so that a task of this process can use it.
   */
  public static FlatVector initialParameters(DecoderSource source, Configuration hadoop) {
    try (Lease lease = leaseInitial(source, hadoop)) {
      FlatVector parameters = lease.decoder().parameters();
      FlatVector copy = parameters.math().copyOf(parameters);
      lease.done(Parameters.INITIAL);
      return copy;
    }
  }

  private static Seat load(DecoderSource source, Configuration hadoop) {
    long start = System.nanoTime();
    Seat seat = new Seat(source.load(hadoop));
    NativeBackend backend = NativeBackend.loaded();
    LOG.info(
        "Loaded a model in {} ms; backend {}, {}, {} threads",
        (System.nanoTime() - start) / 1_000_000,
        seat.decoder.backend().name(),
        backend.binary(),
        backend.threads());
    return seat;
  }

  private static synchronized Optional<Seat> take(DecoderSource source) {
    closeOthers(source);
    Deque<Seat> seats = IDLE.getOrDefault(source, new ArrayDeque<>());
    // The user overwrites the parameters, so prefer a model whose state nobody waits for.
    return seats.stream()
        .filter(seat -> seat.state.isEmpty())
        .findFirst()
        .or(() -> Optional.ofNullable(seats.peek()))
        .map(seat -> removed(seats, seat));
  }

  private static synchronized Optional<Seat> takeHolding(DecoderSource source, String state) {
    Deque<Seat> seats = IDLE.getOrDefault(source, new ArrayDeque<>());
    return seats.stream()
        .filter(seat -> seat.state.filter(state::equals).isPresent())
        .findFirst()
        .map(seat -> removed(seats, seat));
  }

  private static Seat removed(Deque<Seat> seats, Seat seat) {
    seats.remove(seat);
    seat.state = Optional.empty();
    return seat;
  }

  private static synchronized Optional<Seat> takeInitial(DecoderSource source) {
    closeOthers(source);
    Deque<Seat> seats = IDLE.getOrDefault(source, new ArrayDeque<>());
    Optional<Seat> found = seats.stream().filter(seat -> !seat.changed).findFirst();
    return found.map(seat -> removed(seats, seat));
  }

  private static void closeOthers(DecoderSource source) {
    IDLE.entrySet()
        .removeIf(
            entry -> {
              boolean other = !entry.getKey().equals(source);
              if (other) {
                entry.getValue().forEach(Seat::close);
              }
              return other;
            });
  }

  private static synchronized void giveBack(DecoderSource source, Seat seat) {
    IDLE.computeIfAbsent(source, s -> new ArrayDeque<>()).push(seat);
  }

  /** Frees all models that no task uses. */
  public static synchronized void closeIdle() {
    IDLE.values().forEach(seats -> seats.forEach(Seat::close));
    IDLE.clear();
  }

  /** The use of a model by one task, from one thread. */
  public static final class Lease implements AutoCloseable {
    private final DecoderSource source;
    private final Seat seat;
    private final Configuration hadoop;
    private boolean failed = true;
    private boolean kept;

    private Lease(DecoderSource source, Seat seat, Configuration hadoop) {
      this.source = source;
      this.seat = seat;
      this.hadoop = hadoop;
    }

    public Decoder decoder() {
      return seat.decoder;
    }

    /** Marks the use as successful and records whether the parameters changed. */
    public void done(Parameters parameters) {
      failed = false;
      seat.changed |= parameters == Parameters.CHANGED;
    }

    /** Returns the first blocks of the initial model, which may share memory with the decoder. */
    public Decoder initial(int blocks) {
      return seat.initial(source, hadoop, blocks);
    }

    public Gradients forgetGradients() {
      return seat.forget();
    }

    public Gradients retainGradients() {
      return seat.retain();
    }

    /** Returns the worker's copy of the optimizer's vectors, with undefined contents. */
    public OptimizerState optimizerState(Optimizer optimizer) {
      return seat.optimizerState(optimizer);
    }

    /** Names the state that parameters and optimizer vectors hold when the model is returned. */
    public void hold(String state) {
      seat.state = Optional.of(state);
    }

    /** Keeps the model leased when the task ends. The caller must {@link #close} it later. */
    public void keep() {
      kept = true;
    }

    /** Closes the lease unless it was kept. */
    public void release() {
      if (!kept) {
        close();
      }
    }

    /** Returns the model to the pool, or frees it if the use failed and its state is unknown. */
    @Override
    public void close() {
      if (failed) {
        seat.close();
      } else {
        giveBack(source, seat);
      }
      NativeGarbage.collectIfGrown();
    }
  }

  /** Effect of a task on the trainable parameters. */
  public enum Parameters {
    INITIAL,
    CHANGED
  }

  private static final class Seat {
    private final Decoder decoder;
    private Optional<Decoder> initial = Optional.empty();
    private int initialBlocks;
    private Optional<Gradients> forget = Optional.empty();
    private Optional<Gradients> retain = Optional.empty();
    private Optional<OptimizerState> moments = Optional.empty();
    private Optional<String> state = Optional.empty();
    private boolean changed;

    Seat(Decoder decoder) {
      this.decoder = decoder;
    }

    Decoder initial(DecoderSource source, Configuration hadoop, int blocks) {
      if (initial.isEmpty() || initialBlocks < blocks) {
        initial.ifPresent(Decoder::close);
        initial = Optional.of(source.initial(hadoop, decoder, blocks));
        initialBlocks = blocks;
      }
      return initial.get();
    }

    Gradients forget() {
      if (forget.isEmpty()) {
        forget = Optional.of(decoder.newGradients());
      }
      return forget.get();
    }

    Gradients retain() {
      if (retain.isEmpty()) {
        retain = Optional.of(decoder.newGradients());
      }
      return retain.get();
    }

    OptimizerState optimizerState(Optimizer optimizer) {
      if (moments.isEmpty()
          || !moments.get().vectors().keySet().equals(Set.copyOf(optimizer.stateNames()))) {
        moments.ifPresent(OptimizerState::close);
        moments = Optional.of(optimizer.newState(decoder.parameters()));
      }
      return moments.get();
    }

    void close() {
      moments.ifPresent(OptimizerState::close);
      forget.ifPresent(Gradients::close);
      retain.ifPresent(Gradients::close);
      initial.ifPresent(Decoder::close);
      decoder.close();
    }
  }
}
