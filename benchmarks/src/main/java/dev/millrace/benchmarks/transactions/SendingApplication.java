package dev.millrace.benchmarks.transactions;

import dev.millrace.benchmarks.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process that is killed: its workers send their transactions to the end, and it ends with 0. */
final class SendingApplication {

    private static final Logger LOG = LoggerFactory.getLogger(SendingApplication.class);

    private SendingApplication() {}

    /** Options as {@code name=value}: bootstrap, directory, workers, transactions (of each worker), rate (of each). */
    public static void main(String[] args) throws InterruptedException {
        Options options = Options.parse(
                Map.of("bootstrap", "", "directory", "", "workers", "1", "transactions", "1", "rate", "0"), args);
        SendingWorker.Plan plan = new SendingWorker.Plan(
                options.text("bootstrap"),
                Path.of(options.text("directory")),
                options.number("transactions"),
                options.number("rate"));
        endWithParent();
        System.exit(run(plan, options.number("workers")));
    }

    /** The parent holds the other end of the standard input, and lets go of it however it dies. */
    private static void endWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // nobody writes
                        }
                    } catch (IOException e) {
                        System.err.println("the parent cannot be watched: " + e);
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static int run(SendingWorker.Plan plan, int workers) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                running.add(threads.submit(new SendingWorker(plan, worker)));
            }
            for (Future<Void> each : running) {
                each.get();
            }
            return 0;
        } catch (ExecutionException e) {
            LOG.error(
                    "a worker of the sending application failed, the others are stopped: workers={}",
                    workers,
                    e.getCause());
            return 1;
        } finally {
            threads.shutdownNow();
        }
    }
}
