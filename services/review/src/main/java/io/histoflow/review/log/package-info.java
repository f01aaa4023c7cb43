/** How the review service reads the log of alerts and writes to it, in transactions. */
package io.histoflow.review.log;
