package org.lethe.jobs.config;

import java.nio.file.Path;
import java.util.Optional;
import org.lethe.cluster.reveal.RevealSettings;
import org.lethe.corpus.input.FieldNames;
import org.lethe.reveal.search.IterationStop;

/**
 * How the reveal stage reveals.
 *
 * @param arms file of a user's own arms, beside the built-in ones
 * @param settings of the search and the harvest
 * @param workers Spark tasks that prompt the model at the same time
 * @param fields of the corpora that the stage writes
 * @param iterations when to stop revealing and releasing again
 * @param pullsAgain pulls of the searches after the first iteration
 */
public record RevealKeys(
    Optional<Path> arms,
    RevealSettings settings,
    int workers,
    FieldNames fields,
    IterationStop.Settings iterations,
    int pullsAgain) {}
