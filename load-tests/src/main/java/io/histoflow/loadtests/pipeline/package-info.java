/** What everything around the network costs, from topic to topic. */
package io.histoflow.loadtests.pipeline;
