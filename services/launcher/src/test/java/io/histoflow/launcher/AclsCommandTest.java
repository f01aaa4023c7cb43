package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.schemas.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AclsCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldPrintLinesForKafkasOwnTool() {
    // When
    int code = run("User:CN={service},O=A B");

    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString().lines())
        .filteredOn(line -> line.contains("CN=reporting"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("kafka-acls.sh --bootstrap-server 'kafka:9093' --command-config '")
                    .contains(" --add --allow-principal 'User:CN=reporting,O=A B' --operation ")
                    .contains(" --operation Read", " --operation DescribeConfigs")
                    .contains(" --topic " + Topics.SLIDES_REPORTED.name()));
    assertThat(out.toString())
        .contains("--resource-pattern-type prefixed --transactional-id histoflow-inference-")
        .doesNotContain("--cluster");
  }

  @Test
  void shouldRefuseOnePrincipalForAll() {
    // When / Then
    assertThat(run("User:histoflow")).isEqualTo(2);
    assertThat(err.toString()).contains("--principal must contain {service}");
    assertThat(run("histoflow-{service}")).isEqualTo(2);
    assertThat(err.toString()).contains("--principal must be a type and a name");
  }

  private int run(String principal) {
    Path config = folder.resolve("admin.properties");
    ServiceConfig.of(Map.of("bootstrap.servers", "kafka:9093")).save(config);
    return Histoflow.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute("acls", "--config", config.toString(), "--principal", principal);
  }
}
