package dev.millrace.devbroker;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Why a node did not start: its exit code or its silence, the end of its log, and what would help. */
record StartFailure(int node, String ending, List<String> lastLogLines) {
    private static final Pattern BIND_CONFLICT =
            Pattern.compile("Socket server failed to bind|Address already in use|BindException");
    private static final Pattern OLD_SESSION = Pattern.compile("NodeExistsException");
    private static final Pattern OUT_OF_MEMORY =
            Pattern.compile("OutOfMemoryError|Could not reserve enough space|Too small maximum heap|initial heap size");

    static StartFailure ended(int node, int exitCode, List<String> lastLogLines) {
        return new StartFailure(node, "exit code=" + exitCode, lastLogLines);
    }

    static StartFailure silent(int node, Duration timeout, List<String> lastLogLines) {
        return new StartFailure(node, "not ready after " + timeout.toSeconds() + " s", lastLogLines);
    }

    boolean isBindConflict() {
        return logHas(BIND_CONFLICT);
    }

    /** Whether an old release's broker was killed and started before its ZooKeeper session ended; that passes. */
    boolean isOldSession() {
        return logHas(OLD_SESSION);
    }

    DevClusterException toException() {
        return new DevClusterException("broker did not start: node=" + node + " " + ending + "; " + remedy()
                + "; the end of its log:" + System.lineSeparator()
                + String.join(System.lineSeparator(), lastLogLines));
    }

    private String remedy() {
        if (logHas(Pattern.compile("ConfigException|requirement failed"))) {
            return "correct the broker setting that the log complains about";
        }
        if (isBindConflict()) {
            return "free the port it wants, choose another base port, or let the cluster choose";
        }
        if (logHas(OUT_OF_MEMORY)) {
            return "give the broker more memory with heap(megabytes), or the machine";
        }
        if (logHas(Pattern.compile("NoSuchMethodError|NoClassDefFoundError|ClassNotFoundException"))) {
            return "the class path is not one broker's: give all of org.apache.kafka one version";
        }
        return "see the log below; a slow machine may need a longer startTimeout";
    }

    private boolean logHas(Pattern pattern) {
        return lastLogLines.stream().anyMatch(line -> pattern.matcher(line).find());
    }
}
