/** Images from bytes and files, and to bytes: PNG, JPEG and TIFF in, PNG and JPEG out. */
package io.histoflow.imaging.codec;
