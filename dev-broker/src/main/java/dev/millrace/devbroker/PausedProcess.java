package dev.millrace.devbroker;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A process frozen by SIGSTOP, and the guard that thaws it.
 *
 * <p>A frozen broker cannot notice that its parent died. So a shell stands by: it freezes the broker, waits for the end
 * of a pipe that only this JVM writes to, and thaws the broker, whether the pipe was closed by {@link #resume()} or by
 * this JVM's death. The thawed broker then finds its own pipe closed and ends.
 */
final class PausedProcess {
    /** Signals a terminal sends to the whole group must not end the guard before it has thawed the broker. */
    private static final String SCRIPT =
            "trap '' INT HUP TERM; kill -STOP \"$1\" && echo paused && read -r _; kill -CONT \"$1\"";

    private final Process guard;

    private PausedProcess(Process guard) {
        this.guard = guard;
    }

    /** Freezes a process and returns when it is frozen. */
    static PausedProcess pause(long pid) {
        try {
            Process guard = new ProcessBuilder("/bin/sh", "-c", SCRIPT, "sh", Long.toString(pid))
                    .redirectErrorStream(true)
                    .start();
            BufferedReader answer = guard.inputReader(StandardCharsets.UTF_8);
            String line = answer.readLine();
            if (!"paused".equals(line)) {
                throw new DevClusterException("broker could not be paused: pid=" + pid + " answer of kill -STOP=" + line
                        + "; pausing needs a POSIX system and a running broker");
            }
            return new PausedProcess(guard);
        } catch (IOException e) {
            throw new DevClusterException(
                    "broker could not be paused: pid=" + pid + "; pausing needs a POSIX system with /bin/sh", e);
        }
    }

    /** Thaws the process; does nothing to a process that is gone. */
    void resume() {
        try {
            guard.getOutputStream().close();
        } catch (IOException e) {
            throw new DevClusterException("broker could not be resumed: pid of its guard=" + guard.pid(), e);
        }
        guard.onExit().join();
    }
}
