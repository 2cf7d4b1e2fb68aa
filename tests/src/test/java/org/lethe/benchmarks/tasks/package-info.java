/**
 * The three tasks of the study reveal-tasks: insults, entities, and code beside arithmetic. Their
 * corpora, the scorer of their reveal, and the measures of their models.
 */
package org.lethe.benchmarks.tasks;
