/** What was refused: dead letters read, and their records published again where they came from. */
package io.histoflow.platform.letters;
