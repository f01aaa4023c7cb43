package io.histoflow.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The build's own check of licences, tried on a project of two modules, one of which uses the
 * other.
 */
class LicencesIT {
  private static final Path ROOT = Path.of(System.getProperty("histoflow.root"));
  private static final List<String> LISTS =
      List.of("licences-allowed", "licence-names", "licences-unsaid.properties");

  @TempDir Path project;

  @BeforeEach
  void needMaven() {
    assumeThat(Stream.of(System.getenv("PATH").split(File.pathSeparator)))
        .as("Maven is on the PATH")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mvn")));
  }

  @Test
  void shouldFailTheBuildWhereALicenceIsNotAllowed() throws Exception {
    assertThat(build("<license><name>GPL-3.0-only</name></license>"))
        .contains("BUILD FAILURE", "License: 'GPL-3.0-only' used by 1 dependencies", "newcomer");
  }

  @Test
  void shouldFailTheBuildWhereNoLicenceIsSaid() throws Exception {
    assertThat(build("")).contains("BUILD FAILURE", "dependency with no license", "newcomer");
  }

  @Test
  void shouldTakeALibraryOfWhichOneLicenceIsAllowedHoweverItIsSpelt() throws Exception {
    assertThat(
            build(
                "<license><name>GPL-3.0-only</name></license>"
                    + "<license><name>Apache License, Version 2.0</name></license>"))
        .contains("BUILD SUCCESS");
  }

  /** What Maven prints over a module that uses a newcomer with these licences. */
  private String build(String licences) throws IOException, InterruptedException {
    Files.createDirectories(project.resolve("deploy/supply"));
    for (String list : LISTS) {
      Files.copy(
          ROOT.resolve("deploy/supply").resolve(list),
          project.resolve("deploy/supply").resolve(list));
    }
    Files.createDirectories(project.resolve(".mvn"));
    // Not of our pom, from which it would inherit our licence.
    module("newcomer", "", "newcomer", "pom", "<licenses>" + licences + "</licenses>");
    Path ours = project.toRealPath().resolve("user").relativize(ROOT.resolve("pom.xml"));
    module(
        "user",
        """
        <parent>
          <groupId>io.histoflow</groupId><artifactId>histoflow</artifactId><version>%s</version>
          <relativePath>%s</relativePath>
        </parent>
        """
            .formatted(inRootPom("<artifactId>histoflow</artifactId>"), ours),
        "user",
        "jar",
        """
        <dependencies><dependency>
          <groupId>org.example</groupId><artifactId>newcomer</artifactId><version>1</version>
          <type>pom</type>
        </dependency></dependencies>
        """);
    module(
        ".",
        "",
        "both",
        "pom",
        "<modules><module>newcomer</module><module>user</module></modules>");
    return maven(
        "-B",
        "-o",
        "org.codehaus.mojo:license-maven-plugin:%s:add-third-party@licences"
            .formatted(inRootPom("<artifactId>license-maven-plugin</artifactId>")),
        "-pl",
        "newcomer,user");
  }

  /** The version that the root pom has after these words. */
  private static String inRootPom(String words) throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    int version = pom.indexOf("<version>", pom.indexOf(words)) + "<version>".length();
    return pom.substring(version, pom.indexOf('<', version));
  }

  private void module(String folder, String parent, String name, String packaging, String rest)
      throws IOException {
    Files.createDirectories(project.resolve(folder));
    Files.writeString(
        project.resolve(folder).resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          %s<groupId>org.example</groupId><artifactId>%s</artifactId><version>1</version>
          <packaging>%s</packaging>
          %s
        </project>
        """
            .formatted(parent, name, packaging, rest));
  }

  private String maven(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("mvn"));
    // Of surefire: where the build around this test keeps its jars.
    command.add("-Dmaven.repo.local=" + System.getProperty("localRepository"));
    command.addAll(List.of(arguments));
    Path output = project.resolve("output.txt");
    Process maven =
        new ProcessBuilder(command)
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(maven.waitFor(5, TimeUnit.MINUTES)).as("Maven ended").isTrue();
    return Files.readString(output);
  }
}
