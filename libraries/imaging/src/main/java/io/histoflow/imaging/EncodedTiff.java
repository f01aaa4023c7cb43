package io.histoflow.imaging;

/** A TIFF in memory, decoded whole. */
record EncodedTiff(TiffFile tiff) implements EncodedImage {

  @Override
  public ImageHeader header() {
    return new ImageHeader(ImageFileFormat.TIFF, tiff.width(), tiff.height(), tiff.decodingBytes());
  }

  @Override
  public RgbImage decode() throws ImageRejectedException {
    return tiff.region(0, 0, tiff.width(), tiff.height());
  }
}
