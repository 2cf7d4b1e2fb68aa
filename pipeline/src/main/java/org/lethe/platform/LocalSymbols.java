package org.lethe.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The symbol table of a library for Linux on x86-64 (System V ABI, chapter 4, ELF-64). It names
 * functions that the library does not export, unless somebody stripped it.
 */
public final class LocalSymbols {
  private static final int HEADER = 64;
  private static final int MAGIC = 0x464C457F;
  private static final int SYMBOL = 24;
  private static final int SYMBOL_TABLE = 2;

  private LocalSymbols() {}

  /**
   * Returns values of symbols: addresses relative to where the library is loaded.
   *
   * @param library file
   * @param names of the wanted symbols
   * @return values by name, without names that the table does not have
   */
  public static Map<String, Long> find(Path library, Set<String> names) {
    Map<String, Long> found = new TreeMap<>();
    try (FileChannel file = FileChannel.open(library, StandardOpenOption.READ)) {
      ByteBuffer header = map(file, 0, HEADER);
      if (header.getInt(0) != MAGIC) {
        return found;
      }
      int size = Short.toUnsignedInt(header.getShort(58));
      int count = Short.toUnsignedInt(header.getShort(60));
      ByteBuffer sections = map(file, header.getLong(40), (long) size * count);
      for (int i = 0; i < count; i++) {
        if (sections.getInt(i * size + 4) == SYMBOL_TABLE) {
          ByteBuffer symbols = section(file, sections, i * size);
          ByteBuffer strings = section(file, sections, sections.getInt(i * size + 40) * size);
          read(symbols, strings, names, found);
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(
      ByteBuffer symbols, ByteBuffer strings, Set<String> names, Map<String, Long> found) {
    for (int at = 0; at + SYMBOL <= symbols.limit(); at += SYMBOL) {
      int name = symbols.getInt(at);
      for (String wanted : names) {
        if (startsAt(strings, name, wanted)) {
          found.put(wanted, symbols.getLong(at + 8));
        }
      }
    }
  }

  private static boolean startsAt(ByteBuffer strings, int at, String name) {
    // The last character tells most names apart, and shorter ones end before it.
    int length = name.length();
    if (at + length >= strings.limit()
        || strings.get(at + length) != 0
        || strings.get(at + length - 1) != name.charAt(length - 1)) {
      return false;
    }
    byte[] bytes = new byte[length];
    strings.get(at, bytes);
    return new String(bytes, StandardCharsets.US_ASCII).equals(name);
  }

  private static ByteBuffer section(FileChannel file, ByteBuffer sections, int at)
      throws IOException {
    return map(file, sections.getLong(at + 24), sections.getLong(at + 32));
  }

  private static ByteBuffer map(FileChannel file, long from, long bytes) throws IOException {
    long rest = Math.max(0, file.size() - from);
    return file.map(MapMode.READ_ONLY, from, Math.min(bytes, rest)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
