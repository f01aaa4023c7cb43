/** What the markers of a JPEG 2000 codestream say, checked before native code sees it. */
package io.histoflow.imaging.jpeg2000;
