package io.histoflow.scanning;

/** What the id of a slide is made from where the request names none. */
public enum IdSource {
  /** The file's name without its ending. */
  NAME,
  /**
   * The names of the folder that the request names and of those below it, and then the file's:
   * {@code p1/HE_2}. A file that the request names itself has the name of its folder before it.
   */
  PATH,
  /** The file's content: 32 hexadecimal digits of its SHA-256. */
  HASH
}
