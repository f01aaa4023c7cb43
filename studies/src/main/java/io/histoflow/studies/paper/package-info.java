/** The paper's experiment on the paper's data. */
package io.histoflow.studies.paper;
