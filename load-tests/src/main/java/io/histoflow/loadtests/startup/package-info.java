/** How long the whole system takes to start. */
package io.histoflow.loadtests.startup;
