package org.lethe.error;

import java.util.List;

/** Messages about safetensors files: which file, which tensor, what is wrong, what to do. */
public final class SafetensorsErrors {
  private static final String GET_AGAIN = "; get the file again from where it came";

  private SafetensorsErrors() {}

  public static LetheException notFound(Object path) {
    return input(
        "No weights at "
            + path
            + ": expected model.safetensors or model.safetensors.index.json; check the model path"
            + " (other weight formats, such as pytorch_model.bin, are refused on purpose)");
  }

  public static LetheException unreadable(Object file, Exception cause) {
    return new LetheException(
        ExitClass.INPUT,
        "Cannot read " + file + ": " + reason(cause) + "; check that it exists and is readable",
        cause);
  }

  public static LetheException tooShort(Object file, long size) {
    return input(
        "Truncated safetensors file "
            + file
            + ": "
            + size
            + " bytes, at least 8 expected for the header length"
            + GET_AGAIN);
  }

  public static LetheException headerTooLarge(Object file, String length, long limit) {
    return input(
        "Invalid safetensors file "
            + file
            + ": header length "
            + length
            + " bytes, at most "
            + limit
            + " allowed; it is damaged or not a safetensors file");
  }

  public static LetheException headerBeyondFile(Object file, long length, long size) {
    return input(
        "Truncated safetensors file "
            + file
            + ": the header needs "
            + length
            + " bytes but the file has only "
            + size
            + GET_AGAIN);
  }

  public static LetheException headerNotJson(Object file, String problem) {
    return input(
        "Invalid safetensors header in "
            + file
            + ": "
            + oneLine(problem)
            + "; it is damaged or not a safetensors file");
  }

  public static LetheException indexNotJson(Object file, String problem) {
    return input(
        "Invalid weight index "
            + file
            + ": "
            + oneLine(problem)
            + "; expected a JSON object with a weight_map of tensor names to file names");
  }

  public static LetheException badEntry(Object file, String tensor, String problem) {
    return input(
        "Invalid safetensors header in "
            + file
            + ", tensor "
            + quoted(tensor)
            + ": "
            + problem
            + GET_AGAIN);
  }

  public static LetheException unknownDtype(Object file, String tensor, String dtype) {
    return input(
        "Unknown dtype "
            + quoted(dtype)
            + " of tensor "
            + quoted(tensor)
            + " in "
            + file
            + ": expected one of BOOL, U8, I8, U16, I16, F16, BF16, U32, I32, F32, U64, I64, F64;"
            + " convert the model to one of these");
  }

  public static LetheException outOfBounds(
      Object file, String tensor, long begin, long end, long dataBytes) {
    return input(
        "Offsets of tensor "
            + quoted(tensor)
            + " in "
            + file
            + " are out of bounds: ["
            + begin
            + ", "
            + end
            + ") of "
            + dataBytes
            + " data bytes; the file is truncated or damaged"
            + GET_AGAIN);
  }

  public static LetheException overlap(Object file, String first, String second) {
    return input(
        "Tensors "
            + quoted(first)
            + " and "
            + quoted(second)
            + " overlap in "
            + file
            + ": every byte must belong to one tensor"
            + GET_AGAIN);
  }

  public static LetheException hole(Object file, String tensor, long from, long to) {
    return input(
        "Hole before tensor "
            + quoted(tensor)
            + " in "
            + file
            + ": bytes ["
            + from
            + ", "
            + to
            + ") belong to no tensor"
            + GET_AGAIN);
  }

  public static LetheException trailingBytes(Object file, long used, long dataBytes) {
    return input(
        "Trailing bytes in "
            + file
            + ": tensors end at "
            + used
            + " but there are "
            + dataBytes
            + " data bytes"
            + GET_AGAIN);
  }

  public static LetheException sizeMismatch(
      Object file, String tensor, String shapeAndDtype, long found) {
    return input(
        "Size of tensor "
            + quoted(tensor)
            + " in "
            + file
            + " does not match "
            + shapeAndDtype
            + ": "
            + found
            + " bytes found"
            + GET_AGAIN);
  }

  public static LetheException sizeOverflow(Object file, String tensor, String shapeAndDtype) {
    return input(
        "Size of tensor "
            + quoted(tensor)
            + " in "
            + file
            + " overflows: "
            + shapeAndDtype
            + "; the header is damaged or hostile");
  }

  public static LetheException shardPath(Object index, String shard) {
    return input(
        "Invalid file name "
            + quoted(shard)
            + " in "
            + index
            + ": a shard must be a plain file name ending in .safetensors beside the index; do not"
            + " use this model unless you trust where it came from");
  }

  public static LetheException missingShard(Object index, String shard) {
    return input(
        "Missing weight file "
            + quoted(shard)
            + " named by "
            + index
            + ": copy it beside the index or get the model again");
  }

  public static LetheException missingInShard(Object index, String tensor, String shard) {
    return input(
        "Missing tensor "
            + quoted(tensor)
            + ": "
            + index
            + " places it in "
            + quoted(shard)
            + ", which does not hold it; index and weights are of different models");
  }

  public static LetheException duplicateTensor(Object index, String tensor, String shard) {
    return input(
        "Tensor "
            + quoted(tensor)
            + " of "
            + quoted(shard)
            + " is not placed there by "
            + index
            + "; index and weights are of different models");
  }

  public static LetheException missingTensor(Object where, String tensor) {
    return input(
        "Missing tensor "
            + quoted(tensor)
            + " in "
            + where
            + ": check that the weights belong to this model");
  }

  public static LetheException wrongLength(
      Object where, String tensor, long elements, long expected) {
    return input(
        "Tensor "
            + quoted(tensor)
            + " in "
            + where
            + " has "
            + elements
            + " elements, expected "
            + expected);
  }

  public static LetheException notFloating(Object where, String tensor, Object dtype) {
    return input(
        "Tensor "
            + quoted(tensor)
            + " in "
            + where
            + " has dtype "
            + dtype
            + ", expected F32, F16, BF16 or F64; quantised weights must be converted first");
  }

  public static LetheException doesNotFit(
      Object file, String tensor, Object dtype, double value, long index) {
    return new LetheException(
        ExitClass.DIVERGED,
        "Value "
            + value
            + " at element "
            + index
            + " of tensor "
            + quoted(tensor)
            + " does not fit into "
            + dtype
            + " while writing "
            + file
            + ": training diverged, or the output dtype must be F32 or BF16");
  }

  public static LetheException cannotWrite(Object file, Exception cause) {
    return new LetheException(
        ExitClass.PLATFORM,
        "Cannot write " + file + ": " + reason(cause) + "; check free space and permissions",
        cause);
  }

  private static LetheException input(String message) {
    return new LetheException(ExitClass.INPUT, message);
  }

  static String reason(Exception cause) {
    String message = cause.getMessage();
    return cause.getClass().getSimpleName() + (message == null ? "" : " " + oneLine(message));
  }

  /** Names come from files that may be hostile: shortened, and without control characters. */
  static String quoted(String name) {
    String clean = oneLine(name);
    return "'" + (clean.length() > 120 ? clean.substring(0, 120) + "..." : clean) + "'";
  }

  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  static String listed(List<String> names) {
    int shown = Math.min(names.size(), 8);
    String list =
        String.join(
            ", ", names.subList(0, shown).stream().map(SafetensorsErrors::oneLine).toList());
    return names.size() > shown ? list + " and " + (names.size() - shown) + " more" : list;
  }
}
