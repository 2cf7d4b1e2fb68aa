/**
 * The HTML report of a run, made of its result documents alone: record.json, metrics/rounds.jsonl
 * and the two evaluation summaries. It never opens shards or rows, so it cannot show their text.
 *
 * <p>The page is one file: style and plots are inside, nothing is fetched, no script runs.
 */
package org.lethe.report;
