/** The network on this device, beside the same network in Python. */
package io.histoflow.loadtests.inference;
