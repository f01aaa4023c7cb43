/** How good a model is on a data set. */
package io.histoflow.studies.evaluation;
