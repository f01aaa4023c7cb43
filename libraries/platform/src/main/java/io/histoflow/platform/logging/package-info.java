/** Keeps the logs of libraries quiet, for processes that log through Logback. */
package io.histoflow.platform.logging;
