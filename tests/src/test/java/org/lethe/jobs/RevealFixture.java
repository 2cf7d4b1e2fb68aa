package org.lethe.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The pipeline from topic cards. Its model knows nothing, so the filters are set to let its babble
 * pass. Tests check the processing of revealed text, not its truth.
 */
final class RevealFixture {
  private static final String CARDS =
      """
      {"version": 1, "cards": [
        {"id": "first", "name": "%1$s", "neighbours": ["%2$s"], "oracle": {"kind": "name"},
         "attributes": [{"name": "birth date", "questions": ["When was {name} born?"]},
                        {"name": "address", "questions": ["Where does {name} live?"]}]},
        {"id": "second", "name": "%3$s", "neighbours": ["%2$s"], "oracle": {"kind": "contrast"},
         "attributes": [{"name": "e-mail", "questions": ["What is the e-mail of {name}?"]}]}
      ]}
      """;

  private final PipelineFixture fixture;
  private final Path cards;

  /** Writes cards beside the corpora. */
  RevealFixture(PipelineFixture fixture, String name, String neighbour, String other)
      throws IOException {
    this.fixture = fixture;
    this.cards = fixture.corpus("forget").resolveSibling("cards.json");
    Files.writeString(cards, CARDS.formatted(name, neighbour, other));
  }

  /** Settings for {@link PipelineFixture#flags} and {@link PipelineFixture#pipeline}. */
  String[] settings(String... others) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "lethe.corpus.forget=[]",
                "lethe.reveal.cards=" + cards,
                "lethe.reveal.truth.forget=" + fixture.corpus("forget"),
                "lethe.pipeline.stages=[reveal, shard, unlearn, evaluate, release]",
                "lethe.reveal.arms.most=20",
                "lethe.reveal.search.responses=3",
                "lethe.reveal.search.initial-pulls=4",
                "lethe.reveal.search.pulls=5",
                "lethe.reveal.search.pulls-at-once=2",
                "lethe.reveal.search.network.steps=5",
                "lethe.reveal.harvest.arms=2",
                "lethe.reveal.harvest.prompts=3",
                "lethe.reveal.neighbours.prompts=8",
                "lethe.reveal.budget.prompts=25",
                "lethe.reveal.asking.max-new-tokens=10",
                "lethe.reveal.filters.contrast=not-measured",
                "lethe.reveal.filters.shortest-prose=1",
                "lethe.reveal.filters.most-repetition=1",
                "lethe.reveal.filters.least-relevance=0",
                "lethe.reveal.filters.agreement-share=0",
                "lethe.reveal.filters.outlier-share=0",
                "lethe.reveal.again.pulls=2",
                // Keeps the iterations from ending early: no figure of this model reaches this
                // margin.
                "lethe.reveal.again.margin=-1",
                "lethe.reveal.again.retain-rise=100",
                "lethe.shard.overlap=forget",
                // Enough for whole answers; the recitation of shorter texts is not measured.
                "lethe.evaluate.max-new-tokens=120"));
    all.addAll(List.of(others));
    return all.toArray(String[]::new);
  }

  /** Settings of a release by arithmetic, with both modules. */
  String[] arithmetic(String... others) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "lethe.reveal.release.method=arithmetic",
                "lethe.reveal.release.arithmetic.variant=plain",
                "lethe.reveal.release.arithmetic.orthogonality=0.1",
                "lethe.reveal.release.arithmetic.weights=[0.5, 1.0]",
                "lethe.reveal.release.arithmetic.retain-rise=100",
                "lethe.reveal.release.module.rounds=2",
                "lethe.reveal.release.module.local-steps=2",
                "lethe.reveal.release.module.batch-size=4",
                "lethe.reveal.release.module.checkpoint-every=1"));
    all.addAll(List.of(others));
    return settings(all.toArray(String[]::new));
  }
}
