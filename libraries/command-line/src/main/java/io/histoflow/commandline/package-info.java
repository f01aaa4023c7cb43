/** What every command needs to talk to a person: progress, tables, failures, Ctrl-C. */
package io.histoflow.commandline;
