/**
 * The HTML report of a run, built from its result documents alone: record.json,
 * metrics/rounds.jsonl and the two evaluation summaries. It never opens shards or rows, so it
 * cannot show their text.
 *
 * <p>{@code jobs} uses this package; it uses {@code run}, {@code evaluation}, {@code reveal} and
 * {@code cluster}. Start with {@link org.lethe.report.Report} and {@link
 * org.lethe.report.ReportModel}. The page is one file: style and plots are inside, it loads nothing
 * and runs no script.
 */
package org.lethe.report;
