/** Options that commands of a running cluster share, and the catalogue of settings. */
package io.histoflow.launcher.options;
