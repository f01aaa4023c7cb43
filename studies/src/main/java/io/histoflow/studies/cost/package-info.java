/** What a network costs: parameters and operations by arithmetic, speed and memory by the clock. */
package io.histoflow.studies.cost;
