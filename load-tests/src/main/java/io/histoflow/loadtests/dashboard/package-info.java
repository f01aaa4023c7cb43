/** What a reader waits for on the dashboard, in a real browser. */
package io.histoflow.loadtests.dashboard;
