/**
 * Decides whether a response states facts about the subject: which words carry facts, which names
 * they are compared with, and what scores arise about names that the facts are not about.
 */
package org.lethe.reveal.relevance;
