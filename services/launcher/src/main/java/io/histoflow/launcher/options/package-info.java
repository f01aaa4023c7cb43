/** Options that commands of a running cluster share, and the catalogues of settings and topics. */
package io.histoflow.launcher.options;
