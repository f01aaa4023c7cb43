package io.histoflow.imaging.tiff;

import io.histoflow.imaging.ImageRejectedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The fields of one image of a TIFF or BigTIFF, read from the bytes themselves: nothing is
 * allocated for a count before it is checked against a bound and against the length of the file
 * (TIFF 6.0, section 2; BigTIFF 2012).
 */
final class TiffDirectory {

  /** More pages than any stack that could be meant as one image. */
  private static final int MOST_DIRECTORIES = 1024;

  /** Levels that an image may have below it. */
  private static final int MOST_CHILDREN = 32;

  private static final int MOST_FIELDS = 4096;

  private static final int SHORT = 3;
  private static final int BIG = 43;

  /** Bytes of one value, by TIFF's number of its type. */
  private static final int[] TYPE_BYTES = {
    0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8,
  };

  private final ByteSource source;
  private final ByteOrder order;
  private final Map<TiffTag, Field> fields;

  private TiffDirectory(ByteSource source, ByteOrder order, Map<TiffTag, Field> fields) {
    this.source = source;
    this.order = order;
    this.fields = Map.copyOf(fields);
  }

  /**
   * All directories of a file, in the order of their chain.
   *
   * @throws ImageRejectedException where the chain is damaged, endless or longer than 1,024
   */
  static List<TiffDirectory> all(ByteSource source) throws IOException, ImageRejectedException {
    return new Chain(source).read(MOST_DIRECTORIES);
  }

  /** The first directory of a file. */
  static TiffDirectory first(ByteSource source) throws IOException, ImageRejectedException {
    return new Chain(source).read(1).get(0);
  }

  /**
   * The directories below this one (tag 330): where OME-TIFF keeps the smaller copies of an image.
   *
   * @throws ImageRejectedException where they are damaged or more than 32
   */
  List<TiffDirectory> children() throws IOException, ImageRejectedException {
    long[] places = numbers(TiffTag.SUB_DIRECTORIES, MOST_CHILDREN + 1);
    if (places.length > MOST_CHILDREN) {
      throw damaged("an image has more than " + MOST_CHILDREN + " others below it");
    }
    List<TiffDirectory> children = new ArrayList<>();
    for (long place : places) {
      children.add(new Chain(source).at(place));
    }
    return children;
  }

  /** Of all values in the file. */
  ByteOrder order() {
    return order;
  }

  /** Whether a field stands here and holds a value. */
  boolean has(TiffTag tag) {
    return fields.containsKey(tag);
  }

  /**
   * The first value of a field of whole numbers.
   *
   * @return 0 or more; the fallback where the field is missing
   * @throws ImageRejectedException where it holds no such numbers
   */
  long number(TiffTag tag, long fallback) throws IOException, ImageRejectedException {
    return has(tag) ? numbers(tag, 1)[0] : fallback;
  }

  /**
   * The first values of a field of whole numbers.
   *
   * @param most how many are read at most
   * @return each 0 or more; empty where the field is missing
   * @throws ImageRejectedException where it holds no such numbers
   */
  long[] numbers(TiffTag tag, int most) throws IOException, ImageRejectedException {
    Field field = fields.get(tag);
    if (field == null) {
      return new long[0];
    }
    int n = (int) Math.min(most, field.count());
    ByteBuffer in = values(tag, field, n);
    long[] numbers = new long[n];
    for (int i = 0; i < n; i++) {
      numbers[i] =
          switch (field.type()) {
            case 1, 7 -> in.get() & 0xFFL;
            case SHORT -> in.getShort() & 0xFFFFL;
            case 4, 13 -> in.getInt() & 0xFFFFFFFFL;
            case 16, 18 -> in.getLong();
            default -> -1;
          };
      if (numbers[i] < 0) {
        throw damaged("field " + tag.number() + " holds no number that is possible there");
      }
    }
    return numbers;
  }

  /** The first value of a field of any numeric type, as a fraction; empty where there is none. */
  OptionalDouble fraction(TiffTag tag) throws IOException, ImageRejectedException {
    Field field = fields.get(tag);
    if (field == null) {
      return OptionalDouble.empty();
    }
    ByteBuffer in = values(tag, field, 1);
    return switch (field.type()) {
      case 5 ->
          OptionalDouble.of((in.getInt() & 0xFFFFFFFFL) / (double) (in.getInt() & 0xFFFFFFFFL));
      case 10 -> OptionalDouble.of(in.getInt() / (double) in.getInt());
      case 11 -> OptionalDouble.of(in.getFloat());
      case 12 -> OptionalDouble.of(in.getDouble());
      case 1, SHORT, 4, 16 -> OptionalDouble.of((double) number(tag, 0));
      default -> OptionalDouble.empty();
    };
  }

  /**
   * A field of text up to its first NUL: UTF-8, or where it is none, Latin-1.
   *
   * @param mostBytes what is read of it at most
   */
  Optional<String> text(TiffTag tag, int mostBytes) throws IOException, ImageRejectedException {
    Field field = fields.get(tag);
    if (field == null || TYPE_BYTES[field.type()] != 1) {
      return Optional.empty();
    }
    ByteBuffer in = values(tag, field, (int) Math.min(mostBytes, field.count()));
    int end = 0;
    while (end < in.limit() && in.get(end) != 0) {
      end++;
    }
    in.limit(end);
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(in.duplicate());
      return Optional.of(text.toString());
    } catch (CharacterCodingException e) {
      return Optional.of(StandardCharsets.ISO_8859_1.decode(in).toString());
    }
  }

  /**
   * The values of a field as they are stored, in the byte order of the file.
   *
   * @param type TIFF's number of the type that they must have
   * @param count that they must have
   * @throws ImageRejectedException where the field is missing or of another kind
   */
  byte[] raw(TiffTag tag, int type, int count) throws IOException, ImageRejectedException {
    Field field = fields.get(tag);
    if (field == null || field.type() != type || field.count() != count) {
      throw damaged("field " + tag.number() + " must hold " + count + " values of type " + type);
    }
    return values(tag, field, count).array();
  }

  /** The bytes of a field of bytes, of which there may be at most so many. */
  byte[] bytes(TiffTag tag, int most) throws IOException, ImageRejectedException {
    Field field = fields.get(tag);
    if (field == null || TYPE_BYTES[field.type()] != 1) {
      return new byte[0];
    }
    if (field.count() > most) {
      throw damaged("field " + tag.number() + " holds more than " + most + " bytes");
    }
    return values(tag, field, (int) field.count()).array();
  }

  private ByteBuffer values(TiffTag tag, Field field, int n)
      throws IOException, ImageRejectedException {
    int size = TYPE_BYTES[field.type()] * n;
    if (field.position() < 0 || size > source.length() - field.position()) {
      throw damaged("the values of field " + tag.number() + " lie outside the file");
    }
    return ByteBuffer.wrap(source.read(field.position(), size)).order(order);
  }

  static ImageRejectedException damaged(String how) {
    return new ImageRejectedException(
        "the TIFF is damaged or cut off: " + how + "; save it anew from the program that made it");
  }

  /**
   * Where the values of a field lie.
   *
   * @param count 1 or more
   */
  private record Field(int type, long count, long position) {}

  /** Walks from one directory to the next. */
  private static final class Chain {
    private final ByteSource source;
    private final ByteOrder order;
    private final boolean big;
    private long next;

    Chain(ByteSource source) throws IOException, ImageRejectedException {
      this.source = source;
      byte[] header = source.read(0, 8);
      this.order = header[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      this.big = ByteBuffer.wrap(header).order(order).getShort(2) == BIG;
      this.next = word(big ? buffer(8, 8) : buffer(4, 4));
    }

    List<TiffDirectory> read(int most) throws IOException, ImageRejectedException {
      List<TiffDirectory> directories = new ArrayList<>();
      Set<Long> seen = new HashSet<>();
      while (next != 0 && directories.size() < most) {
        if (!seen.add(next)) {
          throw damaged("its list of images runs in a circle");
        }
        directories.add(directory());
      }
      if (directories.isEmpty()) {
        throw damaged("it holds no image");
      }
      if (next != 0 && most > 1) {
        throw new ImageRejectedException(
            "the TIFF holds more than %s images; save the one you mean as a TIFF of its own"
                .formatted(most));
      }
      return directories;
    }

    TiffDirectory at(long place) throws IOException, ImageRejectedException {
      next = place;
      return directory();
    }

    private TiffDirectory directory() throws IOException, ImageRejectedException {
      int countBytes = big ? 8 : 2;
      int fieldBytes = big ? 20 : 12;
      long start = next;
      ByteBuffer head = buffer(start, countBytes);
      long count = big ? head.getLong() : head.getShort() & 0xFFFFL;
      if (count < 1 || count > MOST_FIELDS) {
        throw damaged("an image declares " + count + " fields");
      }
      ByteBuffer in = buffer(start + countBytes, (int) count * fieldBytes);
      Map<TiffTag, Field> fields = new EnumMap<>(TiffTag.class);
      for (int i = 0; i < count; i++) {
        in.position(i * fieldBytes);
        Optional<TiffTag> tag = TiffTag.of(in.getShort() & 0xFFFF);
        int type = in.getShort() & 0xFFFF;
        long values = word(in);
        if (tag.isEmpty() || values <= 0 || type >= TYPE_BYTES.length || TYPE_BYTES[type] == 0) {
          // A reader skips fields that it does not know.
          continue;
        }
        int inline = big ? 8 : 4;
        long position = start + countBytes + in.position();
        if (values > inline / TYPE_BYTES[type]) {
          position = word(in);
        }
        fields.putIfAbsent(tag.get(), new Field(type, values, position));
      }
      long after = start + countBytes + count * fieldBytes;
      next = nextAfter(after);
      return new TiffDirectory(source, order, fields);
    }

    /** Some writers leave the end of the chain out: then the file ends there. */
    private long nextAfter(long position) throws IOException, ImageRejectedException {
      int bytes = big ? 8 : 4;
      if (position + bytes > source.length()) {
        return 0;
      }
      return word(buffer(position, bytes));
    }

    /** A count or a place in the file. */
    private long word(ByteBuffer in) {
      return big ? in.getLong() : in.getInt() & 0xFFFFFFFFL;
    }

    private ByteBuffer buffer(long position, int bytes) throws IOException, ImageRejectedException {
      if (position < 0 || bytes > source.length() - position) {
        throw damaged("its list of images points outside the file");
      }
      return ByteBuffer.wrap(source.read(position, bytes)).order(order);
    }
  }
}
