/** What browsers on the dashboard's live updates cost. */
package io.histoflow.loadtests.feed;
