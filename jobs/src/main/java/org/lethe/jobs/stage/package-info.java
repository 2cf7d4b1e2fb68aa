/**
 * The stages of a run: reveal, shard, finetune, unlearn, evaluate, release. Each reads a {@link
 * org.lethe.jobs.config.RunPlan} and writes one folder, behind the manifests of {@code
 * org.lethe.run.Stages}.
 *
 * <p>Commands and studies run stages through this package. Runs of several iterations or requests
 * are sequences of stages and live here too. Start reading at {@link
 * org.lethe.jobs.stage.StageWork}.
 */
package org.lethe.jobs.stage;
