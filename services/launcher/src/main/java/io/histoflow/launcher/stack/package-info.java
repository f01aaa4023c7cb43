/** The whole system on one machine, as {@code demo} and {@code up} run it. */
package io.histoflow.launcher.stack;
