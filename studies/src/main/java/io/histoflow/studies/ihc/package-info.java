/** Labels for H&amp;E from the IHC of a neighbouring section, and how well that is done. */
package io.histoflow.studies.ihc;
