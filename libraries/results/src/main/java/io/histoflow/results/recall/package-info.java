/** What is missed here, as it was estimated: what it adds up to, and whether it says something. */
package io.histoflow.results.recall;
