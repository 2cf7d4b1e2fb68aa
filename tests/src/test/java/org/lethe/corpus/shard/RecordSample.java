package org.lethe.corpus.shard;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.monitor.Forgetting;
import org.lethe.run.Accountability;
import org.lethe.run.ErasureRecord;
import org.lethe.run.Gate;
import org.lethe.run.UnlearningEnd;

/** A record with every part. */
final class RecordSample {
  private static final String DIGEST = "ab".repeat(32);
  private static final SortedMap<String, String> DIGESTS = new TreeMap<>(Map.of("file", DIGEST));
  private static final SortedMap<String, String> WORDS = new TreeMap<>(Map.of("key", "value"));
  private static final SortedMap<String, Double> FIGURES = new TreeMap<>(Map.of("loss", 0.5));

  private static final ErasureRecord.Interval INTERVAL = new ErasureRecord.Interval(0.1, 0.2, 3);

  private RecordSample() {}

  static ErasureRecord record() {
    return new ErasureRecord(
        ErasureRecord.FORMAT,
        ErasureRecord.STATEMENT,
        "r",
        "",
        "2026-11-21T09:00:00Z",
        ErasureRecord.Decision.REFUSED,
        "model.refused",
        DIGESTS,
        DIGESTS,
        DIGESTS,
        new TreeMap<>(Map.of("forget.rows", 3L)),
        WORDS,
        DIGEST,
        WORDS,
        FIGURES,
        FIGURES,
        WORDS,
        List.of(undecided()),
        List.of(new ErasureRecord.ExampleRow("a", "forget", FIGURES, FIGURES)),
        ErasureRecord.LIMITS,
        new Accountability(
            "Art. 17 GDPR",
            "T-1",
            Accountability.LIKELIHOOD,
            List.of(
                new Accountability.Means(
                    "query", "answers", "forget.rouge-l-recall", Optional.of(1.0), 0, 0, 0.1, 3)),
            List.of(new Accountability.Copy("shards", "shards/", "delete"))),
        new UnlearningEnd(
            Optional.of(
                new UnlearningEnd.Stop(
                    "like-unseen",
                    "forget rows are like unseen rows",
                    6,
                    5,
                    6,
                    0.5,
                    Forgetting.LIKE_UNSEEN,
                    true,
                    FIGURES,
                    new TreeMap<>(Map.of("probability", INTERVAL)))),
            Optional.of(new UnlearningEnd.Tuned("npo-1", "first", 2, List.of("key=value"))),
            Optional.of(new UnlearningEnd.Form(0.2, 0.05, true))),
        new ErasureRecord.Evidence(
            "2026-11-21T09:00:00Z",
            WORDS,
            DIGESTS,
            new TreeMap<>(Map.of("after.loss", INTERVAL)),
            DIGESTS,
            List.of("a"),
            Optional.of(new ErasureRecord.Previous("records/0001.json", DIGEST))),
        List.of(
            new ErasureRecord.RequestLine(
                "a",
                ErasureRecord.Decision.RELEASED,
                "requests/a/record.json",
                "requests/a/model",
                List.of(undecided()),
                FIGURES,
                FIGURES,
                List.of(new ErasureRecord.Later("b", FIGURES)))));
  }

  private static Gate.Outcome undecided() {
    return new Gate("loss", new Gate.AtMost(0.3))
        .decide(EvaluationFigures.NONE, EvaluationFigures.NONE);
  }
}
