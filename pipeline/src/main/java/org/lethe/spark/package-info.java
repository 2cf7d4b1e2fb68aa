/**
 * How Lethe runs Spark jobs: each has a description without text, and a failed one keeps its
 * reason.
 *
 * <p>Every package that starts a Spark job uses {@link org.lethe.spark.SparkJob}.
 */
package org.lethe.spark;
