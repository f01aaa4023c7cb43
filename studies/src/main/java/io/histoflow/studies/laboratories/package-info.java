/** How a model fares in a laboratory that it was not trained on. */
package io.histoflow.studies.laboratories;
