package org.lethe.model.layer;

/**
 * Further tokens of a sequence whose beginning is cached.
 *
 * @param sequence index of the sequence
 * @param position position of the first token; the positions before it are cached
 * @param tokens the tokens, at least 1; the last one is only predicted
 * @param covered ascending indices, from 1, of the tokens whose loss is computed
 */
public record Reading(int sequence, int position, int[] tokens, int[] covered) {}
