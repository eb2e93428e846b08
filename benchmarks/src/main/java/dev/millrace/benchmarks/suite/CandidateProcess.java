package dev.millrace.benchmarks.suite;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.benchmarks.run.Run;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run in a process of its own. */
final class CandidateProcess {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");
    private static final String RESULT = "result ";

    private final List<String> command;
    private final Map<String, String> options;

    CandidateProcess(Processors processors, List<String> moreJvmArguments, Map<String, String> options) {
        this.options = options;
        List<String> jvm = new ArrayList<>(JVM);
        jvm.addAll(moreJvmArguments);
        command = new ArrayList<>(processors.forCandidate());
        command.addAll(JavaCommand.of(Run.class.getName(), jvm, options));
    }

    /** Runs it to its end. */
    ObjectNode run() throws IOException, InterruptedException {
        ObjectNode result = null;
        double firstMillis = 0;
        long startNanos = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.equals("first")) {
                    firstMillis = (System.nanoTime() - startNanos) / 1e6;
                } else if (line.startsWith(RESULT)) {
                    result = (ObjectNode) JSON.readTree(line.substring(RESULT.length()));
                }
            }
        }
        int exit = process.waitFor();
        if (exit != 0 || result == null) {
            throw new IOException("run failed: exit=" + exit + " options=" + options);
        }
        if (firstMillis > 0) {
            result.put("firstMillis", firstMillis);
        }
        if (result.path("failures").asLong() > 0) {
            throw new IOException("records failed: " + result);
        }
        return result;
    }
}
