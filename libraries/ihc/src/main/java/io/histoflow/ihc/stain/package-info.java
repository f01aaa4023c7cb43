/** Amounts of stain on H&E and on H-DAB sections, and where DAB counts as positive. */
package io.histoflow.ihc.stain;
