package org.lethe.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lethe.tensor.SafetensorsFile.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

/** One file for each rule of safetensors, which it breaks. */
final class SafetensorsRulesTest {
  private static final String GOOD = "{" + tensor("w", "F32", "[2,3]", 0, 24) + "}";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void setUp() {
    file = directory.resolve("model.safetensors");
  }

  private AbstractThrowableAssert<?, ?> refused(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    return refused(file);
  }

  private AbstractThrowableAssert<?, ?> refused(String header, int dataBytes) throws IOException {
    return refused(SafetensorsFile.bytes(header, dataBytes));
  }

  private static AbstractThrowableAssert<?, ?> refused(Path path) {
    return assertThatThrownBy(() -> SafetensorsReader.open(path))
        .isInstanceOf(LetheException.class)
        .satisfies(e -> assertThat(((LetheException) e).exitClass()).isEqualTo(ExitClass.INPUT))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void baseFileIsValid() throws IOException {
    SafetensorsFile.write(file, GOOD, 24);
    assertThat(SafetensorsReader.open(directory).info("w").shape()).containsExactly(2L, 3L);
  }

  @Test
  void trailingSpacesOfTheHeaderAreAllowed() throws IOException {
    SafetensorsFile.write(file, GOOD + "   ", 24);
    assertThat(SafetensorsReader.open(directory).names()).containsExactly("w");
  }

  @Test
  void aDirectoryWithoutWeightsIsRefused() {
    refused(directory)
        .hasMessage(
            "No weights at %s: expected model.safetensors or model.safetensors.index.json;"
                + " check the model path (Lethe reads no other weight formats, such as"
                + " pytorch_model.bin)",
            directory);
  }

  @Test
  void aFileWithoutRoomForTheHeaderLengthIsRefused() throws IOException {
    refused(new byte[7])
        .hasMessage(
            "Truncated safetensors file %s: 7 bytes, expected at least 8 for the header"
                + " length; get the file again from its source",
            file);
  }

  @ParameterizedTest
  @CsvSource({"100000001,100000001", "-1,18446744073709551615"})
  void headerOverOneHundredMegabytesIsRejected(long length, String shown) throws IOException {
    refused(SafetensorsFile.bytes(length, GOOD, 24))
        .hasMessage(
            "Invalid safetensors file %s: header length %s bytes, expected at most 100000000;"
                + " it is damaged or not a safetensors file",
            file, shown);
  }

  @Test
  void aHeaderThatIsLongerThanTheFileIsRefused() throws IOException {
    refused(SafetensorsFile.bytes(1000, GOOD, 24))
        .hasMessage(
            "Truncated safetensors file %s: the header needs 1000 bytes but the file has only"
                + " %d; get the file again from its source",
            file, 8 + GOOD.length() + 24);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " {}", "[]", "{", "{}x", "{\"__metadata__\":3}", "not json", "{\"a\":"})
  void headerWithoutJsonObjectIsRejected(String header) throws IOException {
    refused(header, 0)
        .hasMessageStartingWith("Invalid safetensors header in " + file + ": ")
        .hasMessageEndingWith("; it is damaged or not a safetensors file");
  }

  @Test
  void metadataWithNonStringsIsRejected() throws IOException {
    refused("{\"__metadata__\":{\"a\":1}}", 0)
        .hasMessageContaining("__metadata__ holds a value that is no string");
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    refused("{\"w\":" + "[".repeat(100) + "]".repeat(100) + "}", 0)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void aNameThatOccursTwiceIsRefused() throws IOException {
    refused("{" + tensor("w", "F32", "[1]", 0, 4) + "," + tensor("w", "F32", "[1]", 4, 8) + "}", 8)
        .hasMessageContaining("Duplicate field 'w'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | not an object",
        "{} | dtype is missing or no string",
        "{\"dtype\":3} | dtype is missing or no string",
        "{\"dtype\":\"F32\"} | shape is missing or no list",
        "{\"dtype\":\"F32\",\"shape\":[]} | data_offsets is missing or no list",
        "{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]} | data_offsets has 1 numbers,"
            + " expected 2",
        "{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]} | shape holds something else"
            + " than whole numbers from 0 to 2^63 - 1",
        "{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]} | shape holds something else"
            + " than whole numbers from 0 to 2^63 - 1",
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,9223372036854775808]} | data_offsets"
            + " holds something else than whole numbers from 0 to 2^63 - 1",
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1} | unknown field; expected"
            + " dtype, shape and data_offsets",
      })
  void invalidEntryIsRejected(String entry, String problem) throws IOException {
    refused("{\"w\":" + entry + "}", 4)
        .hasMessage(
            "Invalid safetensors header in %s, tensor 'w': %s; get the file again from its"
                + " source",
            file, problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"F8_E4M3", "f32", "COMPLEX64"})
  void anUnknownDtypeIsRefused(String dtype) throws IOException {
    refused("{" + tensor("w", dtype, "[1]", 0, 4) + "}", 4)
        .hasMessageStartingWith(
            "Unknown dtype '%s' of tensor 'w' in %s: expected one of BOOL", dtype, file);
  }

  @ParameterizedTest
  @CsvSource({"0,28", "8,4", "24,48"})
  void offsetsBeyondTheDataAreRefused(long begin, long end) throws IOException {
    refused("{" + tensor("w", "F32", "[6]", begin, end) + "}", 24)
        .hasMessage(
            "Offsets of tensor 'w' in %s are out of bounds: [%d, %d) of 24 data bytes; the"
                + " file is truncated or damaged; get the file again from its source",
            file, begin, end);
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    refused(GOOD, 23).hasMessageStartingWith("Offsets of tensor 'w' in " + file);
  }

  @Test
  void overlapIsRefused() throws IOException {
    refused(
            "{" + tensor("a", "F32", "[2]", 0, 8) + "," + tensor("b", "F32", "[2]", 4, 12) + "}",
            12)
        .hasMessage(
            "Tensors 'a' and 'b' overlap in %s: every byte must belong to one tensor; get the"
                + " file again from its source",
            file);
  }

  @ParameterizedTest
  @CsvSource({"0,8,12,20,20,8,12", "4,12,12,20,20,0,4"})
  void aHoleIsRefused(long a, long b, long c, long d, int size, long from, long to)
      throws IOException {
    refused(
            "{" + tensor("a", "F32", "[2]", a, b) + "," + tensor("b", "F32", "[2]", c, d) + "}",
            size)
        .hasMessage(
            "Hole before tensor '%s' in %s: bytes [%d, %d) belong to no tensor; get the file"
                + " again from its source",
            from == 0 ? "a" : "b", file, from, to);
  }

  @Test
  void trailingBytesAreRefused() throws IOException {
    refused(GOOD, 25)
        .hasMessage(
            "Trailing bytes in %s: tensors end at 24 but there are 25 data bytes; get the file"
                + " again from its source",
            file);
  }

  @ParameterizedTest
  @CsvSource({"'[2,2]',16", "'[7]',28", "[],4", "'[0,9]',0"})
  void sizeOtherThanShapeTimesDtypeIsRejected(String shape, long expected) throws IOException {
    refused("{" + tensor("w", "F32", shape, 0, 24) + "}", 24)
        .hasMessageStartingWith("Size of tensor 'w' in %s does not match F32 ", file)
        .hasMessageContaining("(" + expected + " bytes): 24 bytes found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[4294967296,4294967296]", "[9223372036854775807]", "[3,6148914691236517206]"})
  void aSizeThatOverflowsIsRefused(String shape) throws IOException {
    refused("{" + tensor("w", "F32", shape, 0, 24) + "}", 24)
        .hasMessageStartingWith("Size of tensor 'w' in %s overflows: F32 ", file)
        .hasMessageEndingWith("; the header is damaged or hostile");
  }

  @Test
  void aNameWithControlCharactersIsShownWithoutThem() throws IOException {
    refused("{" + tensor("w\\n\\u001b[31m", "X", "[1]", 0, 4) + "}", 4)
        .hasMessageContaining("tensor 'w [31m'");
  }

  @Test
  void emptyTensorsAndScalarsAreAllowed() throws IOException {
    SafetensorsFile.write(
        file,
        "{" + tensor("e", "F32", "[0,9]", 0, 0) + "," + tensor("s", "F64", "[]", 0, 8) + "}",
        8);
    SafetensorsReader reader = SafetensorsReader.open(file);
    assertThat(reader.info("e").elements()).isZero();
    assertThat(reader.info("s").elements()).isOne();
  }

  @Test
  void everyKnownDtypeIsRead() throws IOException {
    for (Dtype dtype : Dtype.values()) {
      SafetensorsFile.write(
          file, "{" + tensor("w", dtype.name(), "[1]", 0, dtype.bytes()) + "}", dtype.bytes());
      assertThat(SafetensorsReader.open(file).info("w"))
          .isEqualTo(new TensorInfo("w", dtype, List.of(1L)));
    }
  }

  @Test
  void integerWeightsAreRejected() throws IOException {
    SafetensorsFile.write(file, "{" + tensor("w", "U8", "[4]", 0, 4) + "}", 4);
    assertThatThrownBy(() -> SafetensorsReader.open(file).read("w", new float[4]))
        .hasMessage(
            "Tensor 'w' in %s has dtype U8, expected F32, F16, BF16 or F64; convert quantised"
                + " weights first",
            file);
  }

  @Test
  void missingTensorIsReported() throws IOException {
    SafetensorsFile.write(file, GOOD, 24);
    assertThatThrownBy(() -> SafetensorsReader.open(file).read("v", new float[4]))
        .hasMessage("Missing tensor 'v' in %s: check that the weights belong to this model", file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../model.safetensors",
        "/etc/model.safetensors",
        "a/b.safetensors",
        "..%2fb.safetensors",
        "a\\\\b.safetensors",
        ".hidden.safetensors",
        "weights.bin",
        "hdfs:x.safetensors"
      })
  void indexOutsideItsDirectoryIsRejected(String shard) throws IOException {
    Path index = index("{\"weight_map\":{\"w\":\"" + shard + "\"}}");
    refused(directory)
        .hasMessageStartingWith("Invalid file name ")
        .hasMessageContaining(
            " in "
                + index
                + ": expected a plain file name ending in .safetensors in the folder of the"
                + " index");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "[]",
        "{\"weight_map\":{}}",
        "{\"weight_map\":{},\"weight_map\":{}}"
      })
  void anIndexWithoutMapIsRefused(String json) throws IOException {
    Path index = index(json);
    refused(index).hasMessageStartingWith("Invalid weight index " + index + ": ");
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    Path index = index("{\"weight_map\":{\"w\":\"model-00001-of-00002.safetensors\"}}");
    refused(directory)
        .hasMessage(
            "Missing weight file 'model-00001-of-00002.safetensors' named by %s: copy it into"
                + " the folder of the index, or get the model again",
            index);
  }

  @Test
  void tensorMissingInItsShardIsReported() throws IOException {
    SafetensorsFile.write(directory.resolve("a.safetensors"), GOOD, 24);
    Path index = index("{\"weight_map\":{\"w\":\"a.safetensors\",\"v\":\"a.safetensors\"}}");
    refused(directory)
        .hasMessage(
            "Missing tensor 'v': %s places it in 'a.safetensors', which does not contain it;"
                + " index and weights are of different models",
            index);
  }

  @Test
  void tensorPlacedElsewhereIsReported() throws IOException {
    SafetensorsFile.write(directory.resolve("a.safetensors"), GOOD, 24);
    SafetensorsFile.write(directory.resolve("b.safetensors"), GOOD, 24);
    Path index = index("{\"weight_map\":{\"w\":\"a.safetensors\",\"v\":\"b.safetensors\"}}");
    refused(directory)
        .hasMessage(
            "Unexpected tensor 'w' in 'b.safetensors': %s places it elsewhere; index and"
                + " weights are of different models",
            index);
  }

  /** Writes an index into the directory and returns its path. */
  private Path index(String json) throws IOException {
    Path index = directory.resolve("model.safetensors.index.json");
    return Files.writeString(index, json);
  }
}
