/** Who has which tile before them, as the topic of claims says. */
package io.histoflow.review.claims;
