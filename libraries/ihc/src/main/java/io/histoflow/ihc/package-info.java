/**
 * Labels for H&amp;E from the immunohistochemistry of a neighbouring section: where DAB is, brought
 * onto the H&amp;E by registration, or one sentence that says why it cannot be.
 */
package io.histoflow.ihc;
