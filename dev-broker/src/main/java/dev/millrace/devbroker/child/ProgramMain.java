package dev.millrace.devbroker.child;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Entry point of a JVM for a program that is started by its own {@code main}: an old broker, or the ZooKeeper it needs.
 * What {@link BrokerMain} calls did not exist then. The program is ready when its port accepts a connection.
 */
public final class ProgramMain {
    private static final long POLL_NANOS = 50_000_000;

    private ProgramMain() {}

    /**
     * Runs the program until it ends or the parent is gone.
     *
     * @param args the file to create when the program is ready; the directory to delete if the parent dies, or nothing;
     *     host and port of the program; its class; and its arguments
     * @throws ReflectiveOperationException if the class has no {@code main}, or that threw
     */
    public static void main(String[] args) throws ReflectiveOperationException {
        Path readyFile = Path.of(args[0]);
        ParentWatch.start(args[1].isEmpty() ? null : Path.of(args[1]));
        InetSocketAddress address = new InetSocketAddress(args[2], Integer.parseInt(args[3]));
        Thread watch = new Thread(() -> tellWhenReady(address, readyFile), "ready-watch");
        watch.setDaemon(true);
        watch.start();
        String[] own = Arrays.copyOfRange(args, 5, args.length);
        Class.forName(args[4]).getMethod("main", String[].class).invoke(null, (Object) own);
    }

    @SuppressWarnings({"SystemOut", "CatchAndPrintStackTrace"}) // the program's log file
    private static void tellWhenReady(InetSocketAddress address, Path readyFile) {
        @Nullable IOException refusal = refusal(address);
        while (refusal != null) {
            LockSupport.parkNanos(POLL_NANOS);
            refusal = refusal(address);
        }
        try {
            Files.createFile(readyFile);
        } catch (IOException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(BrokerMain.START_FAILED);
        }
    }

    /** Why the program does not listen yet, or {@code null} if it does. */
    private static @Nullable IOException refusal(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return null;
        } catch (IOException notYet) {
            return notYet;
        }
    }
}
