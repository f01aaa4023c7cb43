package io.histoflow.imaging;

import java.io.IOException;

/** A TIFF in memory. */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record TiffBytes(ImageHeader header, byte[] bytes, ImageLimits limits) implements EncodedImage {

  static TiffBytes of(byte[] bytes, ImageLimits limits) throws ImageRejectedException {
    return Guarded.decoding("the TIFF", () -> Codec.tiffHeader(bytes, limits));
  }

  @Override
  public RgbImage decode() throws IOException, ImageRejectedException {
    return EncodedImage.rgb(Codec.readTiff(bytes, limits));
  }
}
