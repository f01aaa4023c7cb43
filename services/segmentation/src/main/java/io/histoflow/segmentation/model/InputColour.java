package io.histoflow.segmentation.model;

/** How a tile's RGB pixels become the network's input channels; part of a checkpoint. */
public enum InputColour {
  /** Red, green and blue, each scaled from 0..255 to -1..1. */
  RGB(3);

  private final int channels;

  InputColour(int channels) {
    this.channels = channels;
  }

  /** Returns the number of input channels. */
  public int channels() {
    return channels;
  }
}
