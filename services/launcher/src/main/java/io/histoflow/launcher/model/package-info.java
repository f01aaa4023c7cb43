/** The data scientist's commands over the model: evaluation of a checkpoint on data sets. */
package io.histoflow.launcher.model;
