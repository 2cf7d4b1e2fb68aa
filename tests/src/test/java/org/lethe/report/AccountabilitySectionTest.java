package org.lethe.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lethe.run.Accountability;
import org.lethe.run.Accountability.Copy;
import org.lethe.run.Accountability.Means;
import org.lethe.run.ErasureRecord.Decision;

final class AccountabilitySectionTest {
  private static final String FIGURE = "forget.attack.relearn.probability";

  @Test
  void basisMeansAndCopiesAreShown() {
    Map<String, Object> section =
        AccountabilitySection.of(
            new Accountability(
                "",
                "DSR-1",
                Accountability.LIKELIHOOD,
                List.of(
                    new Means(
                        "direct", "probability", FIGURE, Optional.empty(), 0.25, 0.125, 0.5, 8)),
                List.of(new Copy("given model", "/m", "lock it away"))));

    assertThat(section)
        .containsEntry("legal_basis", "not given")
        .containsEntry("reference", "DSR-1")
        .containsEntry("likelihood", Accountability.LIKELIHOOD)
        .containsEntry(
            "means",
            List.of(
                Map.of(
                    "kind", "direct",
                    "means", "probability",
                    "figure", FIGURE,
                    "before", "not measured",
                    "after", "0.2500",
                    "interval", "0.1250 to 0.5000",
                    "rows", "8")))
        .containsEntry(
            "copies",
            List.of(Map.of("what", "given model", "location", "/m", "action", "lock it away")));
  }

  @Test
  void aRecordWithoutAccountabilityHasNoSection() {
    assertThat(AccountabilitySection.of(Accountability.NONE)).isEmpty();
    assertThat(Report.html(ReportSample.record(Decision.RELEASED), List.of()))
        .doesNotContain("<h2>Accountability</h2>");
  }
}
