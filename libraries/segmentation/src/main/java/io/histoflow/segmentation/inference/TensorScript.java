package io.histoflow.segmentation.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module without parameters, loaded from its source text: it reaches operations of
 * PyTorch that DJL has no method for, and a whole network takes one call.
 *
 * <p>PyTorch reads modules from a zip of source text and pickled attributes ({@code
 * torch.jit.save}); this class writes that zip in memory, so that no binary file is kept. Several
 * threads may call it at a time. Arrays that a script returns may be of types that DJL cannot read
 * (bf16, oneDNN's own layout): pass those to scripts only.
 */
final class TensorScript {

  private final PtSymbolBlock module;

  private TensorScript(PtSymbolBlock module) {
    this.module = module;
  }

  /** An argument, freed when closed. */
  record Value(IValue value) implements AutoCloseable {
    @Override
    public void close() {
      value.close();
    }
  }

  /**
   * Loads a script; the manager frees it when it closes.
   *
   * @param source its text
   * @param type the module's class in it
   */
  static TensorScript load(String source, String type, NDManager manager) {
    try {
      byte[] archive = archive(source.getBytes(StandardCharsets.UTF_8), type);
      return new TensorScript(
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), false, false));
    } catch (IOException e) {
      throw new UncheckedIOException("the program is incomplete: " + type, e);
    }
  }

  Value value(NDArray array) {
    return new Value(IValue.from((PtNDArray) array));
  }

  Value value(long number) {
    return new Value(IValue.from(number));
  }

  Value value(boolean truth) {
    return new Value(IValue.from(truth));
  }

  Value list(List<NDArray> arrays) {
    return new Value(IValue.listFrom(arrays.toArray(PtNDArray[]::new)));
  }

  /** Calls a method that returns one tensor, which is attached to the manager. */
  NDArray call(NDManager manager, String method, Value... arguments) {
    IValue[] values = Arrays.stream(arguments).map(Value::value).toArray(IValue[]::new);
    try (IValue result = IValueUtils.runMethod(module, method, values)) {
      return result.toTensor((PtNDManager) manager);
    }
  }

  private static byte[] archive(byte[] source, String type) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", pickledModule(type));
      store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'}); // an empty tuple
      store(zip, "code/__torch__.py", source);
      store(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  /** An object of the class with the one attribute that every module has: training = False. */
  private static byte[] pickledModule(String type) throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2}); // protocol 2
    pickle.write(("c__torch__\n" + type + "\n").getBytes(StandardCharsets.US_ASCII)); // its class
    pickle.write(new byte[] {')', (byte) 0x81, '}'}); // made without arguments; its attributes:
    pickle.write(new byte[] {'X', 8, 0, 0, 0}); // a name of eight characters
    pickle.write("training".getBytes(StandardCharsets.US_ASCII));
    pickle.write(new byte[] {(byte) 0x89, 's', 'b', '.'}); // False; set; build; end
    return pickle.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry("script/" + name);
    entry.setMethod(ZipEntry.STORED); // PyTorch reads parts of the archive in place
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
