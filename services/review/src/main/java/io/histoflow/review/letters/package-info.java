/** What was refused: dead letters read, drawn, and published again. */
package io.histoflow.review.letters;
