package org.lethe.jobs.config;

import java.util.List;
import org.lethe.run.Gate;
import org.lethe.run.Soundness;

/**
 * What decides whether a candidate is released.
 *
 * @param gates that a model must pass
 * @param soundness what counts as a collapse
 * @param exampleRows rows named in the report
 */
public record ReleasePlan(List<Gate> gates, Soundness soundness, int exampleRows) {
  static ReleasePlan read(ConfigurationReader reader) {
    return new ReleasePlan(
        GateBinding.read(reader),
        new Soundness(reader.number("lethe.release.collapse-limit", 0, 1)),
        reader.integer("lethe.release.example-rows", 0, 100));
  }
}
