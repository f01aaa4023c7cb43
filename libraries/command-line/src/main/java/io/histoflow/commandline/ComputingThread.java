package io.histoflow.commandline;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a command that computes in native code, which must not be torn down under it: asked to stop
 * by Ctrl-C, SIGTERM or the end of its terminal, the command ends at its next step, by {@link
 * #stopIfAsked}, and frees what it holds itself. Asked a second time the process ends at once and
 * frees nothing.
 */
public final class ComputingThread extends Thread {
  private final Callable<Integer> command;
  private final AtomicInteger asked = new AtomicInteger();
  private int code = 1;
  private Throwable failure;

  private ComputingThread(Callable<Integer> command) {
    super("command");
    this.command = command;
  }

  /**
   * Runs a command and waits for it.
   *
   * @return what it returned
   * @throws Exception what it threw
   */
  public static int compute(Callable<Integer> command) throws Exception {
    ComputingThread thread = new ComputingThread(command);
    Signals signals = Signals.handle(thread::ask);
    try {
      thread.start();
      thread.join();
    } finally {
      signals.close();
    }
    if (thread.failure instanceof Error error) {
      throw error;
    }
    if (thread.failure instanceof Exception exception) {
      throw exception;
    }
    return thread.code;
  }

  /**
   * Called by the work between two of its steps; on other threads it does nothing.
   *
   * @throws StoppedException when somebody has asked the command to stop
   */
  public static void stopIfAsked() {
    if (Thread.currentThread() instanceof ComputingThread thread && thread.asked.get() != 0) {
      throw new StoppedException("Stopped.", thread.asked.get(), null);
    }
  }

  @Override
  public void run() {
    try {
      code = command.call();
    } catch (Throwable e) {
      failure = e;
    }
  }

  private void ask(int signal) {
    if (!asked.compareAndSet(0, signal)) {
      ProcessEnd.now();
    }
    System.err.println("Stopping at the end of this step; asked once more it ends at once.");
  }
}
