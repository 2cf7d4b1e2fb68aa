package org.lethe.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Raw safetensors files for tests, valid or invalid. */
final class SafetensorsFile {
  private SafetensorsFile() {}

  /** Writes header length, header and data. */
  static byte[] bytes(long length, String header, int dataBytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    out.writeBytes(header.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(new byte[dataBytes]);
    return out.toByteArray();
  }

  static byte[] bytes(String header, int dataBytes) {
    return bytes(header.getBytes(StandardCharsets.UTF_8).length, header, dataBytes);
  }

  static Path write(Path file, String header, int dataBytes) throws IOException {
    return Files.write(file, bytes(header, dataBytes));
  }

  /** Returns the header entry of a tensor. */
  static String tensor(String name, String dtype, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }
}
