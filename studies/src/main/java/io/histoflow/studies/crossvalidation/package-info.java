/** Models on images of patients that they never saw. */
package io.histoflow.studies.crossvalidation;
