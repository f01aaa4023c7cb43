package io.histoflow.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.schemas.DecoderWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The keys with which weights are signed and checked: Ed25519, as PEM files of their own. The
 * signature is one of the {@link WeightsStatement} and travels in a record header. Without keys
 * nothing is signed and nothing checked. Safe for use by several threads.
 */
public final class WeightsKeys {
  /** Record header that carries the signature: 64 bytes. */
  public static final String HEADER = "histoflow.weights.signature";

  /** Key of those who publish weights. */
  public static final Setting<Path> SIGNING_KEY =
      Setting.ofPath(
          "histoflow.weights.signing.key",
          null,
          "PEM file of the Ed25519 private key with which fine-tuning, and 'weights' where archived"
              + " weights carry no signature, sign; absent = they do not sign");

  /** Key of those who put weights in force. */
  public static final Setting<Path> PUBLIC_KEY =
      Setting.ofPath(
          "histoflow.weights.public.key",
          null,
          "PEM file of the Ed25519 public key: weights without a signature that it verifies do not"
              + " come into force; absent = signatures are not asked for");

  private static final String ALGORITHM = "Ed25519";
  private static final String FORM = "histoflow trial";
  private static final WeightsKeys NONE = new WeightsKeys(Optional.empty(), Optional.empty());

  private final Optional<PrivateKey> signing;
  private final Optional<PublicKey> checking;

  /**
   * Takes keys.
   *
   * @param signing signs weights; empty where they are not to be signed
   * @param checking verifies signatures; empty where they are not asked for
   */
  public WeightsKeys(Optional<PrivateKey> signing, Optional<PublicKey> checking) {
    this.signing = signing;
    this.checking = checking;
  }

  /** Returns no keys at all. */
  public static WeightsKeys none() {
    return NONE;
  }

  /**
   * Reads the keys that a configuration names.
   *
   * @throws ConfigException where one cannot be read
   */
  public static WeightsKeys from(ServiceConfig config) {
    return new WeightsKeys(
        config.find(SIGNING_KEY).map(WeightsKeys::privateKey),
        config.find(PUBLIC_KEY).map(WeightsKeys::publicKey));
  }

  /**
   * Refuses keys with which a publisher would make weights that it does not accept itself.
   *
   * @throws ConfigException where signatures are asked for and none that passes can be given
   */
  public void requireOwnAccepted() {
    if (checking.isEmpty()) {
      return;
    }
    byte[] trial = FORM.getBytes(UTF_8);
    if (signing.isEmpty() || !verifies(checking.get(), trial, signature(signing.get(), trial))) {
      throw new ConfigException(
          "%s asks for signatures, and %s that makes them: name the private key that belongs to it with %s."
              .formatted(
                  PUBLIC_KEY.name(),
                  signing.isEmpty() ? "there is no key" : "the signing key is not the one",
                  SIGNING_KEY.name()));
    }
  }

  /** Returns the signature of weights; empty where there is no key to sign with. */
  public Optional<byte[]> sign(DecoderWeights weights) {
    return signing.map(key -> signature(key, WeightsStatement.of(weights)));
  }

  /**
   * Says what is wrong with the signature that weights carry.
   *
   * @param headers of the record that carries them
   * @return half a sentence; empty where it verifies, and where none is asked for
   */
  public Optional<String> whyNotSigned(DecoderWeights weights, Headers headers) {
    if (checking.isEmpty()) {
      return Optional.empty();
    }
    Optional<byte[]> signature = of(headers);
    if (signature.isEmpty()) {
      return Optional.of("they carry no signature, and " + PUBLIC_KEY.name() + " asks for one");
    }
    return verifies(checking.get(), WeightsStatement.of(weights), signature.get())
        ? Optional.empty()
        : Optional.of("their signature is not one by the key of " + PUBLIC_KEY.name());
  }

  /** Returns the signature that a record carries. */
  public static Optional<byte[]> of(Headers headers) {
    return Optional.ofNullable(headers.lastHeader(HEADER)).map(Header::value);
  }

  private static byte[] signature(PrivateKey key, byte[] statement) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(statement);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A key that was read cannot sign: " + e.getMessage(), e);
    }
  }

  private static boolean verifies(PublicKey key, byte[] statement, byte[] claimed) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(statement);
      return signature.verify(claimed);
    } catch (SignatureException e) {
      return false; // of the wrong length
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A key that was read cannot check: " + e.getMessage(), e);
    }
  }

  private static PrivateKey privateKey(Path file) {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePrivate(new PKCS8EncodedKeySpec(der(file, "PRIVATE KEY")));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(SIGNING_KEY, file, "openssl genpkey -algorithm ed25519 -out FILE", e);
    }
  }

  private static PublicKey publicKey(Path file) {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(der(file, "PUBLIC KEY")));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(PUBLIC_KEY, file, "openssl pkey -in PRIVATE -pubout -out FILE", e);
    }
  }

  /** The cause's own words may repeat the key, so they are not passed on. */
  private static ConfigException unusable(
      Setting<Path> setting, Path file, String make, Exception why) {
    return new ConfigException(
        "%s names %s, which %s; '%s' makes one."
            .formatted(
                setting.name(),
                file,
                why instanceof IOException ? "cannot be read" : "is no PEM file of such a key",
                make),
        why instanceof IOException ? why : null);
  }

  private static byte[] der(Path file, String label) throws IOException {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    String text = Files.readString(file);
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no " + label);
    }
    return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
  }
}
