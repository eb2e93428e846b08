package dev.millrace.producer.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells that the content of files has changed, by reading them now and then on a thread of its own. What the operating
 * system tells of files is not used: it says nothing of mounts that are exchanged as a whole, as those of Kubernetes. A
 * file that cannot be read is as it was.
 */
final class FileWatch implements AutoCloseable {

    private final List<Path> files;
    private final Runnable listener;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "millrace-tls-files");
        created.setDaemon(true);
        return created;
    });
    private byte[] last; // that thread only, after the start

    private FileWatch(List<Path> files, Runnable listener) {
        this.files = files;
        this.listener = listener;
        this.last = digest(new byte[0]);
    }

    static FileWatch start(List<Path> files, Duration interval, Runnable listener) {
        FileWatch watch = new FileWatch(files, listener);
        long nanos = interval.toNanos();
        var unused = watch.thread.scheduleWithFixedDelay(watch::look, nanos, nanos, TimeUnit.NANOSECONDS);
        return watch;
    }

    private void look() {
        byte[] now = digest(last);
        if (!Arrays.equals(now, last)) {
            last = now;
            listener.run();
        }
    }

    /** Of all contents; what was before if one of them cannot be read, as in the middle of an exchange. */
    private byte[] digest(byte[] before) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                digest.update(Files.readAllBytes(file));
            }
            return digest.digest();
        } catch (IOException e) {
            return before;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
