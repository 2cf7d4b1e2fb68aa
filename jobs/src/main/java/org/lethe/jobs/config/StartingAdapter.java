package org.lethe.jobs.config;

import java.net.URI;
import java.util.Optional;

/**
 * An existing PEFT adapter that belongs to the given model.
 *
 * @param uri its directory
 * @param use whether training continues it or begins with the merged model
 */
public record StartingAdapter(URI uri, Use use) {
  /** Key of the adapter's directory. */
  public static final String PATH = "lethe.model.adapter-path";

  private static final String START = "lethe.model.adapter-start";
  private static final Choices<Use> USES = Choices.of(Use.class);

  /** What becomes of the adapter. */
  public enum Use {
    /** Its product is added to the model's weights before the first stage. */
    MERGE,
    /** Its factors are the first state of the trained factors. */
    CONTINUE
  }

  static Optional<StartingAdapter> read(ConfigurationReader reader) {
    Use use = reader.choice(START, USES);
    Optional<StartingAdapter> adapter =
        reader.text(PATH).map(path -> new StartingAdapter(Uris.of(path), use));
    if (isContinued(adapter) && !AdapterBinding.isLora(reader)) {
      reader.problem(START, "merge unless lethe.model.adapter is lora");
    }
    return adapter;
  }

  /** Reports a problem if an adapter is to be continued. */
  static void requireMerged(ConfigurationReader reader, String reason) {
    if (reader.text(PATH).isPresent() && reader.choice(START, USES) == Use.CONTINUE) {
      reader.problem(START, "merge, since " + reason);
    }
  }

  /** Reports a problem if there is an adapter. */
  public static void requireNone(ConfigurationReader reader, String reason) {
    if (reader.text(PATH).isPresent()) {
      reader.problem(PATH, "nothing, since " + reason);
    }
  }

  private static boolean isContinued(Optional<StartingAdapter> adapter) {
    return adapter.filter(found -> found.use == Use.CONTINUE).isPresent();
  }
}
