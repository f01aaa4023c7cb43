/** What the network and its readers say of a whole slide, out to other tools and back. */
package io.histoflow.results;
