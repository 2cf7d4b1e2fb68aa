/**
 * Decides whether a response states facts about the subject: which words carry facts, how they
 * score with other names, and what answers about invented people score.
 */
package org.lethe.reveal.relevance;
