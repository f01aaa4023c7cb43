/**
 * The HTML report of an evaluation: one file for a browser or a printer, with every picture inside.
 */
package io.histoflow.studies.report;
