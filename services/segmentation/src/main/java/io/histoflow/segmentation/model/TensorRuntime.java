package io.histoflow.segmentation.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/** The one door to DJL's PyTorch engine. */
public final class TensorRuntime {

  private static final String ENGINE = "PyTorch";

  private TensorRuntime() {}

  /** Returns the engine; loads native libraries the first time. */
  public static Engine engine() {
    // DJL reports its use to its makers unless told not to; a hospital's tiles are nobody's
    // business.
    if (System.getenv("OPT_OUT_TRACKING") == null) {
      System.setProperty("OPT_OUT_TRACKING", "true");
    }
    return Engine.getEngine(ENGINE);
  }

  /**
   * Returns a new manager of native memory on the device, which its owner closes. From then on the
   * calling thread records gradients inside gradient collectors only.
   */
  public static NDManager newManager(Device device) {
    NDManager manager = engine().newBaseManager(device);
    // PyTorch keeps the mode per thread, and only the one that loaded the engine starts with off.
    JniUtils.setGradMode(false);
    return manager;
  }
}
