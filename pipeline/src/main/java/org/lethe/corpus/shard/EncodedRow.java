package org.lethe.corpus.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.input.ShardRow;

/** A chosen row between reading and writing: text and tokens as bytes, and what places it. */
final class EncodedRow implements Externalizable {
  private static final long serialVersionUID = 1;

  private int set;
  private int split;
  private int index;
  private byte[] digest;
  private String id;
  private int length;
  private boolean truncated;
  private byte[] body;

  /** For deserialisation. */
  public EncodedRow() {
    digest = new byte[0];
    id = "";
    body = new byte[0];
  }

  static EncodedRow of(InputSplit split, InputRow.Accepted accepted, String task) {
    ShardRow row = accepted.row();
    EncodedRow encoded = new EncodedRow();
    encoded.set = split.set().ordinal();
    encoded.split = split.number();
    encoded.index = accepted.place().index();
    encoded.digest = GroupKey.bytes(row.digest());
    encoded.id = row.id();
    encoded.length = row.tokens().length;
    encoded.truncated = accepted.truncated();
    encoded.body = body(row, task);
    return encoded;
  }

  private static byte[] body(ShardRow row, String task) {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream(
            row.prompt().length() + row.completion().length() + row.tokens().length * 4 + 32);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(out, task);
      write(out, row.prompt());
      write(out, row.completion());
      out.writeInt(row.promptTokens());
      ByteBuffer tokens = ByteBuffer.allocate(row.tokens().length * Integer.BYTES);
      tokens.asIntBuffer().put(row.tokens());
      out.write(tokens.array());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String read(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }

  ShardRow toRow() {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
      String task = read(in);
      String prompt = read(in);
      String completion = read(in);
      int promptTokens = in.readInt();
      int[] tokens = new int[length];
      ByteBuffer.wrap(in.readNBytes(length * Integer.BYTES)).asIntBuffer().get(tokens);
      return new ShardRow(
          id, task, prompt, completion, tokens, promptTokens, HexFormat.of().formatHex(digest));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  CorpusSet set() {
    return CorpusSet.values()[set];
  }

  int split() {
    return split;
  }

  int index() {
    return index;
  }

  /** Length in tokens. */
  int length() {
    return length;
  }

  boolean truncated() {
    return truncated;
  }

  /** Returns the number that orders the rows of a shard. */
  long order(long seed) {
    return Mixing.order(seed, ByteBuffer.wrap(digest).getLong());
  }

  /** Returns the key that orders rows of equal length: by digest, then id, then place. */
  GroupKey rankKey() {
    byte[] ordered = GroupKey.ordered(id);
    byte[] group = Arrays.copyOf(digest, digest.length + ordered.length);
    System.arraycopy(ordered, 0, group, digest.length, ordered.length);
    return new GroupKey(group, set, split, index);
  }

  /** Compares by digest, id and place. */
  int compareTo(EncodedRow other) {
    int c = Arrays.compareUnsigned(digest, other.digest);
    c = c != 0 ? c : id.compareTo(other.id);
    c = c != 0 ? c : Integer.compare(split, other.split);
    return c != 0 ? c : Integer.compare(index, other.index);
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeByte(set);
    out.writeInt(split);
    out.writeInt(index);
    out.writeByte(digest.length);
    out.write(digest);
    out.writeUTF(id);
    out.writeInt(length);
    out.writeBoolean(truncated);
    out.writeInt(body.length);
    out.write(body);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    set = in.readByte();
    split = in.readInt();
    index = in.readInt();
    digest = new byte[in.readByte()];
    in.readFully(digest);
    id = in.readUTF();
    length = in.readInt();
    truncated = in.readBoolean();
    body = new byte[in.readInt()];
    in.readFully(body);
  }

  @Override
  public String toString() {
    return "EncodedRow[" + id + "]";
  }
}
