/** Options that commands of studies share. */
package io.histoflow.studies.options;
