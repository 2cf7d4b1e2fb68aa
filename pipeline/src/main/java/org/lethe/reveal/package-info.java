/**
 * Reveal: what a model is asked so that it tells what it knows of a subject, and what of its
 * answers is kept. Everything here decides; what asks the model lies in cluster.
 *
 * <p>A {@link org.lethe.reveal.TopicCard} and an {@link org.lethe.reveal.ArmPool} give arms, {@link
 * org.lethe.reveal.PromptMaker} their prompts, {@link org.lethe.reveal.ArmSearch} the arm to try
 * next from the {@link org.lethe.reveal.Reward}s so far, {@link org.lethe.reveal.Filters} what is
 * kept, {@link org.lethe.reveal.HeldOutFacts} what of it is trained on.
 *
 * <p>The idea is that of Reveal-and-Release (arXiv 2509.14624), whose settings are not public;
 * those here are our own. What depends on chance depends on a seed and on ids alone.
 *
 * <p>Cards, prompts and answers are personal data. No message, log line or {@code toString} here
 * shows any of them, and records of documents hold ids.
 */
package org.lethe.reveal;
