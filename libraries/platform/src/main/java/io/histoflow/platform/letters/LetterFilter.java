package io.histoflow.platform.letters;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which letters are meant; an empty condition lets all through.
 *
 * @param reason words of the reason, in any case
 * @param service who refused the record
 * @param topic where the record came from
 * @param since the earliest time of the record
 * @param until the latest time of the record
 * @param tile the tile's id: the record's key, or what its content says
 */
public record LetterFilter(
    Optional<String> reason,
    Optional<String> service,
    Optional<String> topic,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<String> tile) {

  static final LetterFilter ALL =
      new LetterFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * Says whether a letter is meant.
   *
   * @param letter the letter
   * @param saysTile whether its content names the tile; asked only where its key is another
   */
  boolean matches(DeadLetter letter, Predicate<String> saysTile) {
    return reason.map(words -> lower(letter.reason()).contains(lower(words))).orElse(true)
        && service.map(letter.service()::equals).orElse(true)
        && topic.map(letter.topic()::equals).orElse(true)
        && since.map(time -> !letter.time().isBefore(time)).orElse(true)
        && until.map(time -> !letter.time().isAfter(time)).orElse(true)
        && tile.map(id -> letter.key().equals(id) || saysTile.test(id)).orElse(true);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
