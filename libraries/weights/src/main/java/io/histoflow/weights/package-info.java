/** Weights on their way between services: what is published of them, and whether it can be used. */
package io.histoflow.weights;
