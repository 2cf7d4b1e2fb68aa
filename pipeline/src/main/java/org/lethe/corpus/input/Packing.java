package org.lethe.corpus.input;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.GzipCodec;

/** How a file is compressed as a whole, by its first bytes. */
enum Packing {
  NONE {
    @Override
    InputStream unpack(InputStream in, Configuration configuration) {
      return in;
    }
  },

  GZIP(new byte[] {0x1F, (byte) 0x8B}) {
    @Override
    InputStream unpack(InputStream in, Configuration configuration) throws IOException {
      // Java's own reader may take the end of a buffer for the end of a file with several members.
      GzipCodec codec = new GzipCodec();
      codec.setConf(configuration);
      return codec.createInputStream(in);
    }
  },

  ZSTANDARD(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD}) {
    @Override
    InputStream unpack(InputStream in, Configuration configuration) throws IOException {
      return new ZstdInputStream(in);
    }
  },

  /** A format that Lethe does not unpack: bzip2, xz, zip, LZ4. */
  OTHER(
      new byte[] {'B', 'Z', 'h'},
      new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z'},
      new byte[] {'P', 'K', 3, 4},
      new byte[] {0x04, 0x22, 0x4D, 0x18}) {
    @Override
    InputStream unpack(InputStream in, Configuration configuration) {
      throw new IllegalStateException("No reader");
    }
  };

  /** Number of bytes that decide. */
  static final int MAGIC_BYTES = 5;

  private final List<byte[]> magics;

  Packing(byte[]... magics) {
    this.magics = List.of(magics);
  }

  /** Returns the packing of a file that begins with the bytes. */
  static Packing of(byte[] head) {
    return Arrays.stream(values())
        .filter(packing -> packing.magics.stream().anyMatch(magic -> startsWith(head, magic)))
        .findFirst()
        .orElse(NONE);
  }

  /** Returns the bytes that were packed. */
  abstract InputStream unpack(InputStream in, Configuration configuration) throws IOException;

  private static boolean startsWith(byte[] head, byte[] magic) {
    return head.length >= magic.length
        && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }
}
