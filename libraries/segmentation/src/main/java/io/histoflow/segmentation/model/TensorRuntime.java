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

  /** Returns how many threads PyTorch shares an operation of the calling thread among. */
  public static int threads() {
    engine();
    return JniUtils.getNumThreads();
  }

  /**
   * Makes the calling thread, which does nothing but infer, compute alone: PyTorch shares none of
   * its operations among other threads.
   */
  public static synchronized void workAlone() {
    JniUtils.setGradMode(false);
    // Asking first settles the thread's own number, which PyTorch would else do at its first use.
    int others = JniUtils.getNumThreads();
    JniUtils.setNumThreads(1);
    // That was also the number for threads to come; another thread puts it back.
    Thread restorer = new Thread(() -> JniUtils.setNumThreads(others), "torch-threads");
    restorer.start();
    boolean interrupted = false;
    while (restorer.isAlive()) {
      try {
        restorer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
