/** Odd records on every topic of a running platform. */
package io.histoflow.launcher.fuzz;
