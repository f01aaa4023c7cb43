/** The routing service: runs the routing topology on a cluster. */
package io.histoflow.routing;
