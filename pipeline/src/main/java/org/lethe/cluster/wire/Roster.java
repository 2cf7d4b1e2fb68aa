package org.lethe.cluster.wire;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The workers of a round, in the order of their indices. */
record Roster(List<Entry> entries) {
  /**
   * A worker.
   *
   * @param host its address
   * @param port where it listens
   * @param weight weight of its version in the mean, or 0 if it has none
   */
  record Entry(String host, int port, double weight) {
    /** Maximum bytes of an entry, with 256 bytes for the host's name. */
    static final int BYTES = 272;

    InetSocketAddress address() {
      return new InetSocketAddress(host, port);
    }

    void writeTo(ByteBuffer buffer) {
      byte[] name = host.getBytes(StandardCharsets.UTF_8);
      buffer.putDouble(weight).putInt(port).putInt(name.length).put(name);
    }

    static Entry readFrom(ByteBuffer buffer) {
      double weight = buffer.getDouble();
      int port = buffer.getInt();
      byte[] name = new byte[buffer.getInt()];
      buffer.get(name);
      return new Entry(new String(name, StandardCharsets.UTF_8), port, weight);
    }
  }

  int workers() {
    return entries.size();
  }

  double weight(int worker) {
    return entries.get(worker).weight();
  }

  double totalWeight() {
    return entries.stream().mapToDouble(Entry::weight).sum();
  }

  ByteBuffer bytes() {
    ByteBuffer buffer = ByteBuffer.allocate(workers() * Entry.BYTES);
    entries.forEach(entry -> entry.writeTo(buffer));
    return buffer.clear();
  }

  /** Reads a roster of a known number of workers. */
  static Roster of(ByteBuffer buffer, int workers) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      entries.add(Entry.readFrom(buffer));
    }
    return new Roster(List.copyOf(entries));
  }
}
