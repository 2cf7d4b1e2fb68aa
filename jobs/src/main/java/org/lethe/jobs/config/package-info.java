/**
 * Turns reference.conf, {@code --config} and {@code --set} into the settings of the library, and
 * collects everything that is wrong with them before any work begins.
 *
 * <p>One {@code *Binding} class per section; a new method, direction or strategy gets its name
 * there. Used by all rooms above. Start reading at {@link org.lethe.jobs.config.RunPlan}.
 */
package org.lethe.jobs.config;
