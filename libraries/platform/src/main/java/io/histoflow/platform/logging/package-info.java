/** What logs look like: the keys of events, and libraries kept quiet where Logback writes them. */
package io.histoflow.platform.logging;
