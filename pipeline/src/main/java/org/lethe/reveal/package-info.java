/**
 * Chooses prompts that elicit what a model knows about a subject, and filters the answers.
 *
 * <p>This package holds what the rooms share: {@link org.lethe.reveal.TopicCard}s, {@link
 * org.lethe.reveal.Arm}s and their prompts, responses, and the facts in them ({@link
 * org.lethe.reveal.HeldOutFacts}). {@code search} picks the next arm, {@code oracle} rates the
 * responses, {@code filter} keeps or drops them. No room imports another, and nothing here asks a
 * model: {@code cluster.reveal} does. Start with {@link org.lethe.reveal.PromptMaker}.
 *
 * <p>The idea is that of Reveal-and-Release (arXiv 2509.14624). Its settings are not public, so the
 * settings here are our own. All randomness comes from a seed and from ids.
 *
 * <p>Cards, prompts and answers are personal data. No message, log line or {@code toString} here
 * shows them, and documents hold only ids.
 */
package org.lethe.reveal;
