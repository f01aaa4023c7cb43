/**
 * Java's own codecs, made safe: the structure of a PNG or JPEG is checked before a codec sees it,
 * and whatever the codec throws becomes a refusal of that one image.
 */
package io.histoflow.imaging.imageio;
