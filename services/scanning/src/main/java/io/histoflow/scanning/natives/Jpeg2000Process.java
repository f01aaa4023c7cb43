package io.histoflow.scanning.natives;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.jpeg2000.Jpeg2000Decoder;
import io.histoflow.imaging.jpeg2000.Jpeg2000Header;

/**
 * Decodes JPEG 2000 by OpenJPEG in other processes. Safe for use by several threads.
 *
 * @param process that the caller closes
 */
public record Jpeg2000Process(NativeProcess process) implements Jpeg2000Decoder {

  @Override
  public byte[] decode(byte[] codestream, Jpeg2000Header header) throws ImageRejectedException {
    int bytes = Math.multiplyExact(header.width() * header.components(), header.height());
    byte[] samples =
        process.run(
            new Job.Jpeg2000(codestream, header.width(), header.height(), header.components()),
            "a JPEG 2000 tile",
            bytes);
    if (samples.length != bytes) {
      throw new ImageRejectedException("the JPEG 2000 image is damaged: samples are missing");
    }
    return samples;
  }
}
