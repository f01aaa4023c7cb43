/** The service that services/README.md shows: whoever changes one changes the other. */
package io.histoflow.platform.example;
