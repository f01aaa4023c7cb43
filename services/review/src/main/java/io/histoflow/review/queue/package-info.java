/** The open review alerts, in memory, in the order in which people should see them. */
package io.histoflow.review.queue;
