/**
 * Reveal: what a model is asked so that it tells what it knows, and what of its answers is kept.
 */
package org.lethe.reveal;
