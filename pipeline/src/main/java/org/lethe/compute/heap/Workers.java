package org.lethe.compute.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Helper threads that run loops over independent tasks together with the calling thread. Products
 * also run on them, each single-threaded, so that no second pool spins on the same cores. Helpers
 * start when needed and end after a while without work. Only one thread may call the pool at a
 * time.
 */
final class Workers {
  /** One task of a loop. */
  interface Body {
    /**
     * @param task index of the task
     * @param worker index of the thread that runs it, for scratch memory
     */
    void run(int task, int worker);
  }

  private static final long SPIN_NANOS = 30_000;
  private static final long IDLE_NANOS = 5_000_000_000L;

  private final int threads;
  private final List<Helper> helpers = new ArrayList<>();

  Workers(int threads) {
    this.threads = threads;
  }

  int threads() {
    return threads;
  }

  /** Runs all tasks and returns when the last one has finished. Any thread may run any task. */
  void run(int tasks, Body body) {
    if (threads == 1 || tasks == 1) {
      for (int task = 0; task < tasks; task++) {
        body.run(task, 0);
      }
      return;
    }
    Loop loop = new Loop(tasks, body);
    for (int i = 0; i < Math.min(threads, tasks) - 1; i++) {
      offer(i, loop);
    }
    loop.work(0);
    loop.await();
  }

  private void offer(int index, Loop loop) {
    if (index == helpers.size()) {
      helpers.add(new Helper(index + 1));
    }
    if (!helpers.get(index).offer(loop)) {
      helpers.set(index, new Helper(index + 1));
      helpers.get(index).offer(loop);
    }
  }

  private static final class Loop {
    private final int tasks;
    private final Body body;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Throwable failure;

    Loop(int tasks, Body body) {
      this.tasks = tasks;
      this.body = body;
    }

    void work(int worker) {
      for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
        try {
          body.run(task, worker);
        } catch (RuntimeException | Error e) {
          failure = e;
        } finally {
          done.incrementAndGet();
        }
      }
    }

    void await() {
      for (int spins = 0; done.get() < tasks; spins++) {
        if (spins < 10_000) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
      if (failure != null) {
        throw new IllegalStateException("A worker thread failed", failure);
      }
    }
  }

  private static final class Helper implements Runnable {
    private final int index;
    private final Thread thread;
    private volatile Loop loop;
    private volatile boolean parked;
    private boolean ended;

    Helper(int index) {
      this.index = index;
      thread = new Thread(this, "lethe-decoder-" + index);
      thread.setDaemon(true);
      thread.start();
    }

    /** False if the helper has ended and must be replaced. */
    boolean offer(Loop given) {
      synchronized (this) {
        if (ended) {
          return false;
        }
        loop = given;
      }
      if (parked) {
        LockSupport.unpark(thread);
      }
      return true;
    }

    @Override
    public void run() {
      Loop last = null;
      long idleSince = System.nanoTime();
      while (true) {
        Loop current = loop;
        if (current != last) {
          current.work(index);
          last = current;
          idleSince = System.nanoTime();
          continue;
        }
        long idle = System.nanoTime() - idleSince;
        if (idle < SPIN_NANOS) {
          Thread.onSpinWait();
        } else if (idle < IDLE_NANOS) {
          parked = true;
          if (loop == last) {
            LockSupport.parkNanos(this, IDLE_NANOS);
          }
          parked = false;
        } else if (endIfIdle(last)) {
          return;
        }
      }
    }

    private synchronized boolean endIfIdle(Loop last) {
      ended = loop == last;
      return ended;
    }
  }
}
