package io.histoflow.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The layers of the design, checked on the compiled classes of every module. */
class LayeringTest {
  private static final List<String> MODEL = List.of("imaging", "datasets", "segmentation");
  private static final List<String> LEARNING = with(MODEL, "plots", "evaluation", "training");
  private static final List<String> SERVICES =
      List.of("scanning", "inference", "routing", "review", "finetuning", "reporting");
  private static final Map<String, List<String>> BELOW =
      Map.ofEntries(
          Map.entry("schemas", List.of()),
          Map.entry("imaging", List.of()),
          Map.entry("plots", List.of()),
          Map.entry("recall", List.of("imaging")),
          Map.entry("datasets", List.of("imaging")),
          Map.entry("ihc", List.of("imaging")),
          Map.entry("segmentation", List.of("imaging", "datasets")),
          Map.entry("evaluation", MODEL),
          Map.entry("training", LEARNING),
          Map.entry("topology", List.of("schemas", "imaging", "recall")),
          Map.entry("platform", List.of("schemas")),
          Map.entry("access", List.of("schemas", "platform")),
          Map.entry("results", List.of("schemas", "platform", "imaging", "recall")),
          Map.entry("weights", with(MODEL, "schemas", "platform")),
          Map.entry("commandline", with(MODEL, "platform")),
          Map.entry("scanning", List.of("schemas", "platform", "imaging", "datasets", "access")),
          Map.entry("inference", with(MODEL, "schemas", "platform", "weights")),
          Map.entry("routing", List.of("schemas", "platform", "topology")),
          Map.entry("review", with(MODEL, "schemas", "platform", "weights", "results", "access")),
          Map.entry("finetuning", with(LEARNING, "schemas", "platform", "recall", "weights")),
          Map.entry("reporting", List.of("schemas", "platform")),
          Map.entry("studies", with(LEARNING, "ihc", "commandline", "platform", "scanning")),
          Map.entry(
              "launcher",
              with(
                  with(MODEL, "plots", "recall", "evaluation", "schemas", "platform", "weights"),
                  with(SERVICES, "commandline", "results"))),
          Map.entry(
              "loadtests",
              with(
                  with(LEARNING, "schemas", "platform", "topology", "weights", "recall"),
                  with(SERVICES, "commandline", "results", "launcher"))));

  private static JavaClasses classes;

  @BeforeAll
  static void importAllModules() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.histoflow");
  }

  /** Of each module, what it may stand on; what nobody stands on comes last. */
  @TestFactory
  List<DynamicTest> shouldStandOnlyOnWhatIsBelow() {
    List<DynamicTest> tests = new ArrayList<>();
    BELOW.forEach(
        (module, below) ->
            tests.add(
                DynamicTest.dynamicTest(
                    module,
                    () ->
                        noClasses()
                            .that()
                            .resideInAPackage(packagesOf(module))
                            .should()
                            .dependOnClassesThat(
                                resideInAPackage("io.histoflow..")
                                    .and(
                                        not(
                                            resideInAnyPackage(
                                                Stream.concat(Stream.of(module), below.stream())
                                                    .map(LayeringTest::packagesOf)
                                                    .toArray(String[]::new)))))
                            .check(classes))));
    return tests;
  }

  @Test
  void shouldKnowEveryModule() {
    assertThat(
            classes.stream()
                .map(each -> each.getPackageName().split("[.]", -1)[2])
                .collect(Collectors.toSet()))
        .isEqualTo(BELOW.keySet());
  }

  @Test
  void shouldKeepTopologyFreeOfNetworkAndModelCode() {
    noClasses()
        .that()
        .resideInAPackage("io.histoflow.topology..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl..", "io.javalin..", "java.net..", "org.apache.kafka.clients..")
        .check(classes);
  }

  @Test
  void shouldKeepKafkaOutOfImagesAndModels() {
    noClasses()
        .that()
        .resideInAnyPackage(
            Stream.of(
                    "imaging",
                    "plots",
                    "recall",
                    "datasets",
                    "ihc",
                    "segmentation",
                    "evaluation",
                    "training")
                .map(LayeringTest::packagesOf)
                .toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(classes);
  }

  @Test
  void shouldKeepThePartsOfTheTopologyApart() {
    slices().matching("io.histoflow.topology.(*)..").should().beFreeOfCycles().check(classes);
    noClasses()
        .that()
        .resideInAPackage("io.histoflow.topology.*")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.histoflow.topology")
        .because("the root package puts the parts together")
        .check(classes);
    for (String part : List.of("routing", "drift", "reports", "recall")) {
      noClasses()
          .that()
          .resideInAnyPackage("io.histoflow.topology.*")
          .and()
          .resideOutsideOfPackage("io.histoflow.topology." + part)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.histoflow.topology." + part)
          .check(classes);
    }
  }

  /** On a Turkish machine "TITLE" in lower case is no "title", on an Arabic one 12 is no 12. */
  @Test
  void shouldLeaveNothingToTheLanguageOfTheMachine() {
    noClasses()
        .should()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .orShould()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(PrintStream.class, "printf", String.class, Object[].class)
        .orShould()
        .callMethod(DateTimeFormatter.class, "ofPattern", String.class)
        .orShould()
        .callMethod(NumberFormat.class, "getInstance")
        .orShould()
        .callConstructor(DecimalFormat.class, String.class)
        .orShould()
        .callMethod(Locale.class, "getDefault")
        .because("words and numbers are the same on every machine: name Locale.ROOT")
        .check(classes);
  }

  @Test
  void shouldHaveNoCirclesOfPackages() {
    slices().matching("io.histoflow.(**)").should().beFreeOfCycles().check(classes);
  }

  private static List<String> with(List<String> some, String... more) {
    return with(some, List.of(more));
  }

  private static List<String> with(List<String> some, List<String> more, String... rest) {
    return Stream.of(some, more, List.of(rest)).flatMap(List::stream).toList();
  }

  private static String packagesOf(String module) {
    return "io.histoflow." + module + "..";
  }
}
