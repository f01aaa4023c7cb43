/** Whether routing keeps its budget, and finds drift, in a long run. */
package io.histoflow.loadtests.routing;
