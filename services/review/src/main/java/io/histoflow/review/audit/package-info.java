/** Who did what in review: how it is written down, and how a lead reads it. */
package io.histoflow.review.audit;
