/**
 * The HTML report of an evaluation: one file for a browser or a printer, with every picture inside.
 * A page is a list of {@link io.histoflow.studies.report.Section}s.
 */
package io.histoflow.studies.report;
