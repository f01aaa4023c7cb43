/** What training minimises. */
package io.histoflow.training.loss;
