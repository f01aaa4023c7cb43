/**
 * The model downstream consumer: keeps the latest report of every slide in a local SQLite database
 * and exports it as CSV and JSON.
 *
 * <p>The positions in the topic are stored with the reports, in one database transaction, so each
 * report takes effect exactly once whenever the process ends.
 */
package io.histoflow.reporting;
