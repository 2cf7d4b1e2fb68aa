/**
 * Keys of tuning: {@code lethe.tune} and {@code lethe.unlearn.auto}.
 *
 * <p>Start with {@link org.lethe.jobs.config.tune.TuneBinding}.
 */
package org.lethe.jobs.config.tune;
