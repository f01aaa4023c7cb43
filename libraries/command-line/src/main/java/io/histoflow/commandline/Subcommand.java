package io.histoflow.commandline;

/**
 * A command of the program that another module brings: a public class with a picocli {@code
 * Command} annotation and a public constructor without arguments, named in {@code
 * META-INF/services/io.histoflow.commandline.Subcommand} beside it. So the commands of studies and
 * benchmarks live beside what they run, and the program has those that are on its class path.
 */
public interface Subcommand {}
