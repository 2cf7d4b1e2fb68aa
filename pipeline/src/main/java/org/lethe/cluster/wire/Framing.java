package org.lethe.cluster.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** One direction of a connection: how its blocks look on the wire. Both ends know their sizes. */
sealed interface Framing {
  /** Writes all remaining bytes as one block. */
  void write(SocketChannel channel, ByteBuffer block) throws IOException;

  /** Fills the buffer with one block. */
  void read(SocketChannel channel, ByteBuffer block) throws IOException;

  /** Bytes on the wire beyond those of a block. */
  int overhead();

  private static void writeAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void readAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("The other end closed the connection");
      }
    }
  }

  /** Blocks as they are. */
  record Plain() implements Framing {
    @Override
    public void write(SocketChannel channel, ByteBuffer block) throws IOException {
      writeAll(channel, block);
    }

    @Override
    public void read(SocketChannel channel, ByteBuffer block) throws IOException {
      readAll(channel, block);
    }

    @Override
    public int overhead() {
      return 0;
    }
  }

  /** Blocks encrypted with AES-GCM. The nonce counts the blocks of this direction. */
  final class Encrypted implements Framing {
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    private final SecretKeySpec key;
    private ByteBuffer sealed = ByteBuffer.allocateDirect(0);
    private long blocks;

    /**
     * Prepares one direction.
     *
     * @param key 32 bytes that no other connection or direction uses
     */
    Encrypted(byte[] key) {
      this.key = new SecretKeySpec(key, "AES");
    }

    @Override
    public void write(SocketChannel channel, ByteBuffer block) throws IOException {
      ByteBuffer target = sealed(block.remaining());
      apply(Cipher.ENCRYPT_MODE, block, target);
      writeAll(channel, target.flip());
    }

    @Override
    public void read(SocketChannel channel, ByteBuffer block) throws IOException {
      ByteBuffer source = sealed(block.remaining());
      readAll(channel, source);
      apply(Cipher.DECRYPT_MODE, source.flip(), block);
    }

    @Override
    public int overhead() {
      return TAG_BYTES;
    }

    private ByteBuffer sealed(int block) {
      if (sealed.capacity() < block + TAG_BYTES) {
        sealed = ByteBuffer.allocateDirect(block + TAG_BYTES);
      }
      return sealed.clear().limit(block + TAG_BYTES);
    }

    private void apply(int mode, ByteBuffer from, ByteBuffer to) throws IOException {
      try {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(blocks++).array();
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        cipher.doFinal(from, to);
      } catch (GeneralSecurityException e) {
        throw new IOException("Invalid block: it cannot be decrypted", e);
      }
    }
  }
}
