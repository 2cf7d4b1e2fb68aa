package org.lethe.corpus.input;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
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
  private final SortedMap<String, String> columns;

  RowMaker(FieldNames names, RowFilter filter, RowEncoder encoder, int maxLength) {
    this(names, filter, encoder, maxLength, new TreeMap<>());
  }

  private RowMaker(
      FieldNames names,
      RowFilter filter,
      RowEncoder encoder,
      int maxLength,
      SortedMap<String, String> columns) {
    this.names = names;
    this.filter = filter;
    this.encoder = encoder;
    this.maxLength = maxLength;
    this.columns = columns;
  }

  /** Returns a maker for the rows of a file whose folders give these columns. */
  RowMaker in(SortedMap<String, String> columnsOfFile) {
    return new RowMaker(names, filter, encoder, maxLength, columnsOfFile);
  }

  /**
   * Returns the row, or the reason why it is rejected.
   *
   * @param raw supplies the record as read; called only for a rejected row
   */
  InputRow make(Place place, Fields record, Supplier<byte[]> raw) {
    Fields fields = columns.isEmpty() ? record : new PartitionColumns.WithColumns(record, columns);
    if (!passes(fields)) {
      return new Filtered(place);
    }
    Field prompt = fields.field(names.prompt());
    Field completion = fields.field(names.completion());
    Field task = fields.field(names.task());
    Field givenId = fields.field(names.id());
    String knownId = usableId(givenId) ? givenId.text() : "";
    Optional<Fault> fault = fault(prompt, completion, task, givenId);
    if (fault.isPresent()) {
      Fault found = fault.get();
      return new Rejected(
          place,
          found.defect(),
          found.field(),
          found.kind(),
          knownId,
          found.defect() == Defect.MISSING_FIELD ? presentable(fields.names()) : List.of(),
          raw.get());
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

  /**
   * Why a record cannot be used.
   *
   * @param field configured name of the faulty field
   * @param kind kind of the faulty value, or empty
   */
  private record Fault(Defect defect, String field, String kind) {
    static Fault of(Defect defect, String name, Field value) {
      return new Fault(defect, name, defect == Defect.WRONG_TYPE ? value.type().words() : "");
    }
  }

  private Optional<Fault> fault(Field prompt, Field completion, Field task, Field id) {
    List<Map.Entry<String, Field>> texts =
        List.of(Map.entry(names.prompt(), prompt), Map.entry(names.completion(), completion));
    for (Map.Entry<String, Field> text : texts) {
      Optional<Defect> defect = defectOfText(text.getValue());
      if (defect.isPresent()) {
        return Optional.of(Fault.of(defect.get(), text.getKey(), text.getValue()));
      }
    }
    Optional<Defect> defectOfTask = defectOfCategory(task);
    if (defectOfTask.isPresent()) {
      return Optional.of(Fault.of(defectOfTask.get(), names.task(), task));
    }
    if (id.type() != Type.ABSENT && !usableId(id)) {
      return Optional.of(new Fault(Defect.BAD_ID, names.id(), kindOfId(id)));
    }
    if (completion.text().isBlank()) {
      return Optional.of(new Fault(Defect.EMPTY_COMPLETION, names.completion(), ""));
    }
    return texts.stream()
        .filter(text -> encoder.setsAside(text.getValue().text()))
        .map(text -> new Fault(Defect.CONTROL_TOKEN, text.getKey(), ""))
        .findFirst();
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
      case STRING ->
          hasLoneSurrogate(field.text()) ? Optional.of(Defect.LONE_SURROGATE) : Optional.empty();
      default -> Optional.of(Defect.WRONG_TYPE);
    };
  }

  /** A category may be a number or a boolean: its text is the same in every file. */
  private static Optional<Defect> defectOfCategory(Field field) {
    if (field.type() == Type.ABSENT || (field.type().isScalar() && field.type() != Type.STRING)) {
      return Optional.empty();
    }
    return defectOfText(field);
  }

  /** Ids appear in logs and reports, so an id must be one short line. */
  private static boolean usableId(Field id) {
    return switch (id.type()) {
      case INTEGER, FRACTION -> true;
      case STRING -> kindOfId(id).isEmpty();
      default -> false;
    };
  }

  /** Returns why an id is not usable, or empty for a usable text. */
  private static String kindOfId(Field id) {
    if (id.type() != Type.STRING) {
      return id.type().words();
    }
    if (id.text().isBlank()) {
      return "blank text";
    }
    if (id.text().length() > LONGEST_ID) {
      return "text of more than " + LONGEST_ID + " characters";
    }
    if (id.text().chars().anyMatch(Character::isISOControl)) {
      return "text with control characters";
    }
    return hasLoneSurrogate(id.text()) ? "text with a lone surrogate" : "";
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
