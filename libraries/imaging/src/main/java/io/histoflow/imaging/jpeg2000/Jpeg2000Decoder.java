package io.histoflow.imaging.jpeg2000;

import io.histoflow.imaging.ImageRejectedException;

/**
 * Decodes codestreams whose header was checked: JPEG 2000 has no decoder in Java worth using. Safe
 * for use by several threads.
 */
public interface Jpeg2000Decoder {

  /**
   * Decodes a codestream.
   *
   * @param codestream of the header's image
   * @param header its checked markers
   * @return height x width x components samples, interleaved, as they are stored: coarser
   *     components repeated, a colour transform of the codestream's own undone and no other
   * @throws ImageRejectedException where it is damaged or there is no decoder on this machine
   */
  byte[] decode(byte[] codestream, Jpeg2000Header header) throws ImageRejectedException;
}
