package org.lethe.cluster.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.lethe.cluster.wire.Secret.Protection;

/**
 * An authenticated connection. One thread may write while another one reads.
 *
 * <p>Handshake: the client sends a greeting and a nonce. The server answers with a nonce and a code
 * over both, and the client with another code. Keys of encryption derive from the secret and both
 * nonces.
 */
final class Connection implements AutoCloseable {
  /** Time for connecting, and for each answer of the handshake. */
  private static final int HANDSHAKE_MILLIS = 10_000;

  private static final int NONCE_BYTES = 16;
  private static final int CODE_BYTES = 32;

  private final SocketChannel channel;
  private final Hello hello;
  private final Framing out;
  private final Framing in;
  private long sentBytes;

  private Connection(SocketChannel channel, Hello hello, Framing out, Framing in) {
    this.channel = channel;
    this.hello = hello;
    this.out = out;
    this.in = in;
  }

  /** Connects to a process that {@link #accept accepts}. */
  static Connection connect(InetSocketAddress address, Hello hello, Secret secret)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().connect(address, HANDSHAKE_MILLIS);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().setSoTimeout(HANDSHAKE_MILLIS);
      byte[] greeting = hello.bytes();
      byte[] mine = nonce();
      send(channel, greeting, mine);
      DataInputStream input = new DataInputStream(channel.socket().getInputStream());
      byte[] theirs = input.readNBytes(NONCE_BYTES);
      check(input.readNBytes(CODE_BYTES), code(secret, "server", greeting, mine, theirs));
      send(channel, code(secret, "client", greeting, mine, theirs));
      channel.socket().setSoTimeout(0);
      return new Connection(
          channel,
          hello,
          framing(secret, "to server", greeting, mine, theirs),
          framing(secret, "to client", greeting, mine, theirs));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Accepts a process that connects. */
  static Connection accept(SocketChannel channel, Secret secret) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.socket().setSoTimeout(HANDSHAKE_MILLIS);
    DataInputStream input = new DataInputStream(channel.socket().getInputStream());
    byte[] greeting = input.readNBytes(Hello.BYTES);
    byte[] theirs = input.readNBytes(NONCE_BYTES);
    if (greeting.length < Hello.BYTES || theirs.length < NONCE_BYTES) {
      throw new IOException("Invalid greeting: it is too short");
    }
    Hello hello = Hello.of(greeting);
    byte[] mine = nonce();
    send(channel, mine, code(secret, "server", greeting, theirs, mine));
    check(input.readNBytes(CODE_BYTES), code(secret, "client", greeting, theirs, mine));
    channel.socket().setSoTimeout(0);
    return new Connection(
        channel,
        hello,
        framing(secret, "to client", greeting, theirs, mine),
        framing(secret, "to server", greeting, theirs, mine));
  }

  private static byte[] nonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(nonce);
    return nonce;
  }

  private static byte[] code(
      Secret secret, String role, byte[] greeting, byte[] client, byte[] server) {
    return secret.code(role.getBytes(StandardCharsets.US_ASCII), greeting, client, server);
  }

  private static Framing framing(
      Secret secret, String direction, byte[] greeting, byte[] client, byte[] server) {
    return secret.protection() == Protection.ENCRYPTED
        ? new Framing.Encrypted(code(secret, direction, greeting, client, server))
        : new Framing.Plain();
  }

  private static void check(byte[] found, byte[] expected) throws IOException {
    if (!MessageDigest.isEqual(found, expected)) {
      throw new IOException("Invalid connection: the other end does not know the secret");
    }
  }

  private static void send(SocketChannel channel, byte[]... parts) throws IOException {
    for (byte[] part : parts) {
      Channels.newOutputStream(channel).write(part);
    }
  }

  /** Greeting of the process that connected. */
  Hello hello() {
    return hello;
  }

  /** Writes all remaining bytes as one block. */
  void write(ByteBuffer block) throws IOException {
    sentBytes += block.remaining() + out.overhead();
    out.write(channel, block);
  }

  /** Fills the buffer with one block, and flips it. */
  ByteBuffer read(ByteBuffer block) throws IOException {
    in.read(channel, block);
    return block.flip();
  }

  /** Bytes that this end has sent since the handshake. */
  long sentBytes() {
    return sentBytes;
  }

  /** Closes the connection. Threads that wait for it get an exception. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
