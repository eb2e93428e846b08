package dev.millrace.devbroker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A port on 127.0.0.1 that no other cluster of this user will choose until the lease is closed.
 *
 * <p>Three things keep a port ours, also while its broker is down: it lies below the range from which systems take the
 * ports of outgoing connections, nobody listens on it now, and a lock on a file named after it keeps other processes
 * that use this class away. The operating system frees the lock with the process.
 */
final class PortLease implements AutoCloseable {
    /** First port to be leased. */
    static final int LOWEST = 20_000;
    /** First port not to be leased; Linux uses ports from 32768 for outgoing connections. */
    static final int END = 32_000;

    private static final String HOST = "127.0.0.1";

    private final int port;
    private final @Nullable FileChannel lockFile;

    private PortLease(int port, @Nullable FileChannel lockFile) {
        this.port = port;
        this.lockFile = lockFile;
    }

    /** Leases any free port. */
    static PortLease anyFree() {
        int start = ThreadLocalRandom.current().nextInt(LOWEST, END);
        for (int i = 0; i < END - LOWEST; i++) {
            int candidate = LOWEST + (start - LOWEST + i) % (END - LOWEST);
            PortLease lease = tryLease(candidate);
            if (lease != null) {
                return lease;
            }
        }
        throw new DevClusterException("no free port on " + HOST + " between " + LOWEST + " and " + (END - 1)
                + "; stop clusters that are no longer needed");
    }

    /** A port the caller chose: it must be free now, and is not guarded further. */
    static PortLease of(int port) {
        if (!isFree(port)) {
            throw new DevClusterException("port in use: " + HOST + ":" + port
                    + "; stop the process that listens on it, choose another base port, or let the cluster choose");
        }
        return new PortLease(port, null);
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        if (lockFile != null) {
            try {
                lockFile.close();
            } catch (IOException e) {
                throw new DevClusterException("lock of port " + port + " could not be released", e);
            }
        }
    }

    private static @Nullable PortLease tryLease(int port) {
        FileChannel lockFile = tryLock(port);
        if (lockFile == null) {
            return null;
        }
        PortLease lease = new PortLease(port, lockFile);
        if (!isFree(port)) {
            lease.close();
            return null;
        }
        return lease;
    }

    private static @Nullable FileChannel tryLock(int port) {
        Path directory = Path.of(
                System.getProperty("java.io.tmpdir"), "millrace-dev-broker-ports-" + System.getProperty("user.name"));
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(
                    directory.resolve(Integer.toString(port)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                return channel;
            }
            channel.close();
            return null;
        } catch (IOException e) {
            throw new DevClusterException("ports cannot be reserved in " + directory + "; make it writable", e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (BindException inUse) {
            return false;
        } catch (IOException e) {
            throw new DevClusterException("port " + port + " on " + HOST + " cannot be tried", e);
        }
    }
}
