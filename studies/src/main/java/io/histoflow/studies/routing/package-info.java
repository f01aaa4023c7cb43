/** Which routing score brings missed pixels to review. */
package io.histoflow.studies.routing;
