package org.lethe.cluster.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections at a port that the system chooses. */
final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  /** Connections that may wait. All workers of a round connect at once. */
  private static final int BACKLOG = 4096;

  private final ServerSocketChannel channel;
  private final Secret secret;

  private Listener(ServerSocketChannel channel, Secret secret) {
    this.channel = channel;
    this.secret = secret;
  }

  /**
   * Opens a port.
   *
   * @param host address of this process. If it belongs to no interface, as behind a translated
   *     address, listens on all
   */
  static Listener open(String host, Secret secret) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      try {
        channel.bind(new InetSocketAddress(host, 0), BACKLOG);
      } catch (BindException e) {
        LOG.info("{} is no address of this machine; listening on all", host);
        channel.bind(new InetSocketAddress(0), BACKLOG);
      }
      return new Listener(channel, secret);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  int port() {
    return channel.socket().getLocalPort();
  }

  /** Waits for the next process that knows the secret. Drops all others. */
  Connection accept() throws IOException {
    while (true) {
      SocketChannel accepted = channel.accept();
      try {
        return Connection.accept(accepted, secret);
      } catch (IOException | IllegalArgumentException e) {
        accepted.close();
        if (e instanceof ClosedChannelException && !channel.isOpen()) {
          throw e;
        }
        LOG.warn("Dropped a connection: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
