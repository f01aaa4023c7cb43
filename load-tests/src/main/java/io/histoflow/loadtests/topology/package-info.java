/** What routing, drift and reports cost beside passing records through. */
package io.histoflow.loadtests.topology;
