package org.lethe.corpus.input;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.lethe.corpus.input.Fields.Field;
import org.lethe.corpus.input.Fields.Type;
import org.lethe.corpus.input.InputRow.Accepted;
import org.lethe.corpus.input.InputRow.Filtered;
import org.lethe.corpus.input.InputRow.Place;
import org.lethe.corpus.input.InputRow.Rejected;
import org.lethe.error.CorpusErrors;
import org.lethe.error.LetheException;
import org.lethe.text.EncodedExample;

/** Checks the fields of a record, and turns them into a row or a rejection. */
final class RowMaker {
  private static final int LONGEST_ID = 200;
  private static final int MOST_NAMES = 20;

  private final FieldNames names;
  private final RowFilter filter;
  private final RowEncoder encoder;
  private final int maxLength;

  RowMaker(FieldNames names, RowFilter filter, RowEncoder encoder, int maxLength) {
    this.names = names;
    this.filter = filter;
    this.encoder = encoder;
    this.maxLength = maxLength;
  }

  /**
   * Returns the row, or the reason why it is rejected.
   *
   * @param raw supplies the record as read; called only for a rejected row
   */
  InputRow make(Place place, Fields fields, Supplier<byte[]> raw) {
    if (!passes(fields)) {
      return new Filtered(place);
    }
    Field prompt = fields.field(names.prompt());
    Field completion = fields.field(names.completion());
    Field task = fields.field(names.task());
    Field givenId = fields.field(names.id());
    String knownId = usableId(givenId) ? givenId.text() : "";
    List<Map.Entry<String, Field>> texts =
        List.of(Map.entry(names.prompt(), prompt), Map.entry(names.completion(), completion));
    for (Map.Entry<String, Field> required : texts) {
      Optional<Defect> defect = defectOfText(required.getValue());
      if (defect.isPresent()) {
        return new Rejected(
            place,
            defect.get(),
            required.getKey(),
            knownId,
            defect.get() == Defect.MISSING_FIELD ? presentable(fields.names()) : List.of(),
            raw.get());
      }
    }
    if (task.type() != Type.ABSENT) {
      Optional<Defect> defect = defectOfText(task);
      if (defect.isPresent()) {
        return new Rejected(place, defect.get(), names.task(), knownId, List.of(), raw.get());
      }
    }
    if (givenId.type() != Type.ABSENT && knownId.isEmpty()) {
      return new Rejected(place, Defect.BAD_ID, names.id(), "", List.of(), raw.get());
    }
    if (completion.text().isBlank()) {
      return new Rejected(
          place, Defect.EMPTY_COMPLETION, names.completion(), knownId, List.of(), raw.get());
    }
    for (Map.Entry<String, Field> field : texts) {
      if (encoder.setsAside(field.getValue().text())) {
        return new Rejected(
            place, Defect.CONTROL_TOKEN, field.getKey(), knownId, List.of(), raw.get());
      }
    }
    String digest = PairDigest.of(prompt.text(), completion.text());
    String id = knownId.isEmpty() ? "row-" + digest.substring(0, 16) : knownId;
    EncodedExample encoded = encode(id, prompt.text(), completion.text(), digest);
    ShardRow row =
        new ShardRow(
            id,
            task.text(),
            prompt.text(),
            completion.text(),
            encoded.example().tokens(),
            encoded.example().promptTokens(),
            digest);
    return new Accepted(place, row, encoded.truncated());
  }

  private EncodedExample encode(String id, String prompt, String completion, String digest) {
    try {
      return encoder.encode(id, prompt, completion, maxLength);
    } catch (LetheException e) {
      throw e;
    } catch (RuntimeException e) {
      // The message of a tokenizer, or of its cause, may quote the text.
      throw CorpusErrors.cannotEncode(id, digest, e.getClass().getSimpleName());
    }
  }

  private boolean passes(Fields fields) {
    for (Map.Entry<String, SortedSet<String>> entry : filter.allowed().entrySet()) {
      Field field = fields.field(entry.getKey());
      if (field.type() == Type.ABSENT || !entry.getValue().contains(field.text())) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Defect> defectOfText(Field field) {
    return switch (field.type()) {
      case ABSENT -> Optional.of(Defect.MISSING_FIELD);
      case BAD_UTF8 -> Optional.of(Defect.BAD_UTF8);
      case INTEGER, OTHER -> Optional.of(Defect.WRONG_TYPE);
      case STRING ->
          hasLoneSurrogate(field.text()) ? Optional.of(Defect.LONE_SURROGATE) : Optional.empty();
    };
  }

  /** Ids appear in logs and reports, so an id must be one short line. */
  private static boolean usableId(Field id) {
    return switch (id.type()) {
      case INTEGER -> true;
      case STRING ->
          !id.text().isBlank()
              && id.text().length() <= LONGEST_ID
              && id.text().chars().noneMatch(Character::isISOControl)
              && !hasLoneSurrogate(id.text());
      case ABSENT, BAD_UTF8, OTHER -> false;
    };
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns only names that look like names, because a broken file may have text in their place.
   */
  private static List<String> presentable(List<String> names) {
    return names.stream()
        .filter(name -> name.matches("[A-Za-z0-9_.-]{1,40}"))
        .limit(MOST_NAMES)
        .toList();
  }
}
