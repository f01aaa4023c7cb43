package io.histoflow.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The layers of the design, checked on the compiled classes of every module. */
class LayeringTest {
  private static final List<String> SERVICES =
      List.of("scanning", "inference", "routing", "review", "finetuning", "reporting");

  private static JavaClasses classes;

  @BeforeAll
  static void importAllModules() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.histoflow");
  }

  @TestFactory
  List<DynamicTest> shouldKeepServicesApartFromEachOther() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String service : SERVICES) {
      String[] others =
          SERVICES.stream()
              .filter(other -> !other.equals(service))
              .map(LayeringTest::packagesOf)
              .toArray(String[]::new);
      tests.add(
          DynamicTest.dynamicTest(
              service,
              () ->
                  noClasses()
                      .that()
                      .resideInAPackage(packagesOf(service))
                      .should()
                      .dependOnClassesThat()
                      .resideInAnyPackage(others)
                      .check(classes)));
    }
    return tests;
  }

  @Test
  void shouldKeepSchemasBelowEverything() {
    noClasses()
        .that()
        .resideInAPackage("io.histoflow.schemas..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.histoflow.platform..",
            "io.histoflow.topology..",
            "io.histoflow.imaging..",
            "io.histoflow.segmentation..",
            "ai.djl..",
            "io.javalin..")
        .check(classes);
  }

  @Test
  void shouldKeepTopologyFreeOfNetworkAndModelCode() {
    noClasses()
        .that()
        .resideInAPackage("io.histoflow.topology..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.histoflow.platform..",
            "io.histoflow.imaging..",
            "io.histoflow.segmentation..",
            "ai.djl..",
            "io.javalin..",
            "java.net..",
            "org.apache.kafka.clients..")
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
    for (String part : List.of("routing", "drift", "reports")) {
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

  @Test
  void shouldKeepTheModelFreeOfKafka() {
    noClasses()
        .that()
        .resideInAnyPackage("io.histoflow.segmentation..", "io.histoflow.imaging..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.histoflow.schemas..", "io.histoflow.platform..", "org.apache.kafka..")
        .check(classes);
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
  void shouldHaveNoCyclesBetweenModules() {
    slices().matching("io.histoflow.(*)..").should().beFreeOfCycles().check(classes);
  }

  private static String packagesOf(String module) {
    return "io.histoflow." + module + "..";
  }
}
