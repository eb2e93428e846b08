package dev.millrace.benchmarks.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Commands for further JVMs with this one's class path. */
final class JavaCommand {

    private JavaCommand() {}

    static List<String> of(String mainClass, List<String> jvmArguments, Map<String, String> options) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(jvmArguments);
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        options.forEach((name, value) -> command.add(name + '=' + value));
        return command;
    }
}
