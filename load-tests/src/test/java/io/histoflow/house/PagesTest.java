package io.histoflow.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.histoflow.launcher.Histoflow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The pages for people: what they link to is there, and what they say to type is understood. */
class PagesTest {
  private static final Path ROOT = Path.of(System.getProperty("histoflow.root"));
  private static final Set<String> NOT_OURS =
      Set.of("target", "node_modules", ".git", ".histoflow");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern INLINE = Pattern.compile("`\\./histoflow ([a-z-]+)(?: ([a-z-]+))?");
  private static final Pattern SETTING = Pattern.compile("([A-Z]+)=(\"[^\"]*\"|\\S*)");
  private static final Pattern LOOP = Pattern.compile("for ([A-Z]+) in (\\S+) .*");
  private static final Pattern TEST = Pattern.compile("\\b([A-Z]\\w*(?:Test|IT))\\b(?:#(\\w+))?");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  static List<Path> pages() {
    return files(name -> name.endsWith(".md"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void shouldLinkToWhatIsThere(Path page) {
    for (MatchResult link : LINK.matcher(text(page)).results().toList()) {
      String target = link.group(1);
      if (target.matches("[a-z]+:.*")) {
        continue;
      }
      String[] parts = target.split("#", 2);
      Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
      assertThat(file).as("%s links to %s", page, target).exists();
      if (parts.length == 2) {
        assertThat(anchors(file)).as("%s links to %s", page, target).contains(parts[1]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void shouldSayCommandsThatAreUnderstood(Path page) {
    for (List<String> command : commands(page)) {
      assertThatCode(() -> Histoflow.commandLine().parseArgs(command.toArray(String[]::new)))
          .as("%s says ./histoflow %s", page, String.join(" ", command))
          .doesNotThrowAnyException();
    }
    for (MatchResult inline : INLINE.matcher(text(page)).results().toList()) {
      CommandLine command = Histoflow.commandLine().getSubcommands().get(inline.group(1));
      assertThat(command).as("%s says %s", page, inline.group()).isNotNull();
      if (inline.group(2) != null && !command.getSubcommands().isEmpty()) {
        assertThat(command.getSubcommands())
            .as("%s says %s", page, inline.group())
            .containsKey(inline.group(2));
      }
    }
  }

  @Test
  void shouldNameTestsThatAreThere() {
    // Given
    Path page = ROOT.resolve("SECURITY.md");
    Map<String, Path> tests = new HashMap<>();
    for (Path test : files(name -> name.endsWith("Test.java") || name.endsWith("IT.java"))) {
      tests.put(test.getFileName().toString().replace(".java", ""), test);
    }

    // Then
    List<MatchResult> named = TEST.matcher(text(page)).results().toList();
    assertThat(named).hasSizeGreaterThan(10);
    for (MatchResult test : named) {
      assertThat(tests).as("%s names %s", page, test.group()).containsKey(test.group(1));
      if (test.group(2) != null) {
        assertThat(text(tests.get(test.group(1)))).contains("void " + test.group(2) + "(");
      }
    }
  }

  @Test
  void shouldKeepTheFirstPageShortAndSeeCommandsAtAll() throws IOException {
    assertThat(Files.size(ROOT.resolve("README.md"))).isLessThanOrEqualTo(10_000);
    assertThat(commands(ROOT.resolve("README.md"))).contains(List.of("demo"), List.of("up"));
  }

  /** What stands after {@code ./histoflow} in blocks of code, variables of the block put in. */
  private static List<List<String>> commands(Path page) {
    List<List<String>> commands = new ArrayList<>();
    Map<String, String> variables = new HashMap<>();
    boolean fenced = false;
    for (String line : text(page).replace("\\\n", " ").lines().toList()) {
      if (line.startsWith("```")) {
        fenced = !fenced;
      }
      if (!fenced && !line.startsWith("    ")) {
        continue;
      }
      String code = line.replaceFirst("(^|\\s)#.*", "").strip();
      Matcher loop = LOOP.matcher(code);
      if (loop.matches()) {
        variables.put(loop.group(1), loop.group(2));
      }
      for (String part : code.split("&&|;|\\||>", -1)) {
        Matcher setting = SETTING.matcher(part.strip());
        if (setting.matches()) {
          variables.put(setting.group(1), setting.group(2).replace("\"", ""));
        }
        int program = part.indexOf("./histoflow ");
        if (program >= 0 && !line.contains("-- \"./histoflow")) {
          commands.add(words(part.substring(program + 12), variables));
        }
      }
    }
    return commands;
  }

  private static List<String> words(String arguments, Map<String, String> variables) {
    String text = arguments;
    // Values name variables themselves.
    for (int depth = 0; depth < 2; depth++) {
      for (Map.Entry<String, String> variable : variables.entrySet()) {
        text = text.replaceAll("\\$" + variable.getKey() + "\\b", variable.getValue());
      }
    }
    return WORD.matcher(text)
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toList();
  }

  private static Set<String> anchors(Path page) {
    return text(page)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ *", "").toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static List<Path> files(Predicate<String> wanted) {
    List<Path> found = new ArrayList<>();
    collect(ROOT, wanted, found);
    return found;
  }

  private static void collect(Path folder, Predicate<String> wanted, List<Path> found) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (Files.isDirectory(file) && !NOT_OURS.contains(name)) {
          collect(file, wanted, found);
        } else if (wanted.test(name)) {
          found.add(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
