package org.lethe.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.lethe.error.EvaluationErrors;

/**
 * Reads the evaluation logs of TOFU's original repository, eval_log_aggregated.json: for each set a
 * map from each quantity to its values by row number.
 */
public final class TofuLog {
  private TofuLog() {}

  /**
   * Returns the rows of a log, without texts.
   *
   * @throws org.lethe.error.LetheException INPUT if a set or a value is missing
   */
  public static List<TofuRow> read(JsonNode log) {
    List<TofuRow> rows = new ArrayList<>();
    for (TofuSet set : TofuSet.values()) {
      JsonNode quantities = log.path(set.logName());
      if (!quantities.isObject()) {
        throw EvaluationErrors.unreadableTofuLog("no " + set.logName());
      }
      quantities
          .path("avg_gt_loss")
          .properties()
          .forEach(row -> rows.add(row(set, row.getKey(), quantities)));
    }
    return rows;
  }

  private static TofuRow row(TofuSet set, String id, JsonNode quantities) {
    JsonNode wrong = quantities.path("average_perturb_loss").path(id);
    if (!wrong.isArray() || wrong.isEmpty()) {
      throw missing(set, "average_perturb_loss", id);
    }
    return new TofuRow(
        set,
        id,
        real(set, quantities, "avg_gt_loss", id),
        real(set, quantities, "rougeL_recall", id),
        real(set, quantities, "avg_paraphrased_loss", id),
        StreamSupport.stream(wrong.spliterator(), false)
            .mapToDouble(JsonNode::doubleValue)
            .toArray());
  }

  private static double real(TofuSet set, JsonNode quantities, String name, String id) {
    JsonNode value = quantities.path(name).path(id);
    if (!value.isNumber()) {
      throw missing(set, name, id);
    }
    return value.doubleValue();
  }

  private static RuntimeException missing(TofuSet set, String name, String id) {
    return EvaluationErrors.unreadableTofuLog(
        "no " + name + " of row " + id + " in " + set.logName());
  }
}
