/** What was refused anywhere in the system, as the topic of dead letters says. */
package io.histoflow.review.letters;
