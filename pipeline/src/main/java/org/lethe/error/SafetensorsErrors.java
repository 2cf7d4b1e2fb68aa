package org.lethe.error;

/** Failures of safetensors files. Each message names the file and the tensor. */
public final class SafetensorsErrors {
  private static final String GET_AGAIN = "; get the file again from its source";
  private static final String NOT_SAFETENSORS = "; it is damaged or not a safetensors file";
  private static final String OTHER_MODEL = "; index and weights are of different models";

  private SafetensorsErrors() {}

  public static LetheException notFound(Object path) {
    return ExitClass.INPUT.failure(
        "No weights at %s: expected model.safetensors or model.safetensors.index.json; check the"
            + " model path (Lethe reads no other weight formats, such as pytorch_model.bin)",
        path);
  }

  public static LetheException unreadable(Object file, Exception cause) {
    return ExitClass.INPUT.failure(
        cause,
        "Cannot read %s: %s; check that it exists and is readable",
        file,
        ErrorText.reason(cause));
  }

  public static LetheException tooShort(Object file, long size) {
    return ExitClass.INPUT.failure(
        "Truncated safetensors file %s: %d bytes, expected at least 8 for the header length"
            + GET_AGAIN,
        file,
        size);
  }

  public static LetheException headerTooLarge(Object file, String length, long limit) {
    return ExitClass.INPUT.failure(
        "Invalid safetensors file %s: header length %s bytes, expected at most %d"
            + NOT_SAFETENSORS,
        file,
        length,
        limit);
  }

  public static LetheException headerBeyondFile(Object file, long length, long size) {
    return ExitClass.INPUT.failure(
        "Truncated safetensors file %s: the header needs %d bytes but the file has only %d"
            + GET_AGAIN,
        file,
        length,
        size);
  }

  public static LetheException headerNotJson(Object file, String problem) {
    return ExitClass.INPUT.failure(
        "Invalid safetensors header in %s: %s" + NOT_SAFETENSORS, file, ErrorText.oneLine(problem));
  }

  public static LetheException indexNotJson(Object file, String problem) {
    return ExitClass.INPUT.failure(
        "Invalid weight index %s: %s; expected a JSON object with a weight_map of tensor names to"
            + " file names",
        file, ErrorText.oneLine(problem));
  }

  public static LetheException badEntry(Object file, String tensor, String problem) {
    return ExitClass.INPUT.failure(
        "Invalid safetensors header in %s, tensor %s: %s" + GET_AGAIN,
        file,
        ErrorText.quoted(tensor),
        problem);
  }

  public static LetheException unknownDtype(Object file, String tensor, String dtype) {
    return ExitClass.INPUT.failure(
        "Unknown dtype %s of tensor %s in %s: expected one of BOOL, U8, I8, U16, I16, F16, BF16,"
            + " U32, I32, F32, U64, I64, F64; convert the model to one of these",
        ErrorText.quoted(dtype), ErrorText.quoted(tensor), file);
  }

  public static LetheException outOfBounds(
      Object file, String tensor, long begin, long end, long dataBytes) {
    return ExitClass.INPUT.failure(
        "Offsets of tensor %s in %s are out of bounds: [%d, %d) of %d data bytes; the file is"
            + " truncated or damaged"
            + GET_AGAIN,
        ErrorText.quoted(tensor),
        file,
        begin,
        end,
        dataBytes);
  }

  public static LetheException overlap(Object file, String first, String second) {
    return ExitClass.INPUT.failure(
        "Tensors %s and %s overlap in %s: every byte must belong to one tensor" + GET_AGAIN,
        ErrorText.quoted(first),
        ErrorText.quoted(second),
        file);
  }

  public static LetheException hole(Object file, String tensor, long from, long to) {
    return ExitClass.INPUT.failure(
        "Hole before tensor %s in %s: bytes [%d, %d) belong to no tensor" + GET_AGAIN,
        ErrorText.quoted(tensor),
        file,
        from,
        to);
  }

  public static LetheException trailingBytes(Object file, long used, long dataBytes) {
    return ExitClass.INPUT.failure(
        "Trailing bytes in %s: tensors end at %d but there are %d data bytes" + GET_AGAIN,
        file,
        used,
        dataBytes);
  }

  public static LetheException sizeMismatch(
      Object file, String tensor, String shapeAndDtype, long found) {
    return ExitClass.INPUT.failure(
        "Size of tensor %s in %s does not match %s: %d bytes found" + GET_AGAIN,
        ErrorText.quoted(tensor),
        file,
        shapeAndDtype,
        found);
  }

  public static LetheException sizeOverflow(Object file, String tensor, String shapeAndDtype) {
    return ExitClass.INPUT.failure(
        "Size of tensor %s in %s overflows: %s; the header is damaged or hostile",
        ErrorText.quoted(tensor), file, shapeAndDtype);
  }

  public static LetheException shardPath(Object index, String shard) {
    return ExitClass.INPUT.failure(
        "Invalid file name %s in %s: expected a plain file name ending in .safetensors in the"
            + " folder of the index; do not use this model unless you trust its source",
        ErrorText.quoted(shard), index);
  }

  public static LetheException missingShard(Object index, String shard) {
    return ExitClass.INPUT.failure(
        "Missing weight file %s named by %s: copy it into the folder of the index, or get the model"
            + " again",
        ErrorText.quoted(shard), index);
  }

  public static LetheException missingInShard(Object index, String tensor, String shard) {
    return ExitClass.INPUT.failure(
        "Missing tensor %s: %s places it in %s, which does not contain it" + OTHER_MODEL,
        ErrorText.quoted(tensor),
        index,
        ErrorText.quoted(shard));
  }

  public static LetheException duplicateTensor(Object index, String tensor, String shard) {
    return ExitClass.INPUT.failure(
        "Unexpected tensor %s in %s: %s places it elsewhere" + OTHER_MODEL,
        ErrorText.quoted(tensor),
        ErrorText.quoted(shard),
        index);
  }

  public static LetheException missingTensor(Object where, String tensor) {
    return ExitClass.INPUT.failure(
        "Missing tensor %s in %s: check that the weights belong to this model",
        ErrorText.quoted(tensor), where);
  }

  public static LetheException wrongLength(
      Object where, String tensor, long elements, long expected) {
    return ExitClass.INPUT.failure(
        "Tensor %s in %s has %d elements, expected %d",
        ErrorText.quoted(tensor), where, elements, expected);
  }

  public static LetheException notFloating(Object where, String tensor, Object dtype) {
    return ExitClass.INPUT.failure(
        "Tensor %s in %s has dtype %s, expected F32, F16, BF16 or F64; convert quantised weights"
            + " first",
        ErrorText.quoted(tensor), where, dtype);
  }

  public static LetheException doesNotFit(
      Object file, String tensor, Object dtype, double value, long index) {
    return ExitClass.DIVERGED.failure(
        "Value %s at element %d of tensor %s does not fit into %s while writing %s: training"
            + " diverged, or the output dtype must be F32 or BF16",
        value, index, ErrorText.quoted(tensor), dtype, file);
  }

  public static LetheException cannotWrite(Object file, Exception cause) {
    return ExitClass.PLATFORM.failure(
        cause,
        "Cannot write %s: %s; check free space and permissions",
        file,
        ErrorText.reason(cause));
  }
}
