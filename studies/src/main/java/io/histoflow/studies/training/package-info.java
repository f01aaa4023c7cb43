/** Training, and what makes it better. */
package io.histoflow.studies.training;
