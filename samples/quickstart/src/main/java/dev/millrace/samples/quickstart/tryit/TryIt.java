package dev.millrace.samples.quickstart.tryit;

import dev.millrace.autoconfigure.ProducerConnectionDetails;
import dev.millrace.devbroker.DevCluster;
import dev.millrace.samples.quickstart.shop.Order;
import dev.millrace.spring.ProducerTemplate;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.stereotype.Component;

/**
 * One run: sends, reads back, compares, prints. The exit code is 1 if there is any difference. A run during which the
 * context closes was interrupted: whatever fails then is no news.
 */
@Component
@Profile("try-it")
class TryIt implements ApplicationRunner, ExitCodeGenerator, ApplicationListener<ContextClosedEvent> {
    private static final int PARTITIONS = 4;
    private static final int MAX_REPLICAS = 3;

    private final PrintStream out = System.out;
    private final TryItOptions options;
    private final ProducerTemplate<String, Order> template;
    private final ProducerConnectionDetails connection;
    private final ObjectProvider<DevCluster> devCluster;
    private final ReadBack readBack;

    private volatile boolean isRunning;
    private volatile boolean isInterrupted;
    private volatile boolean isGood;

    TryIt(
            TryItOptions options,
            ProducerTemplate<String, Order> template,
            ProducerConnectionDetails connection,
            ObjectProvider<DevCluster> devCluster,
            ReadBack readBack) {
        this.options = options;
        this.template = template;
        this.connection = connection;
        this.devCluster = devCluster;
        this.readBack = readBack;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        isRunning = true;
        try {
            run();
        } catch (RuntimeException failure) {
            if (!isInterrupted) {
                throw failure;
            }
        } finally {
            isRunning = false;
        }
    }

    /** Comes before any bean stops, so before anything fails because of that. */
    @Override
    public void onApplicationEvent(ContextClosedEvent closed) {
        if (isRunning) {
            isInterrupted = true;
            out.println("Interrupted: nothing was compared.");
        }
    }

    @Override
    public int getExitCode() {
        return isGood ? 0 : 1;
    }

    private void run() {
        // A topic of its own: what earlier runs left behind does not count.
        String topic = "orders-" + UUID.randomUUID().toString().substring(0, 8);
        devCluster.ifAvailable(
                cluster -> cluster.createTopic(topic, PARTITIONS, Math.min(cluster.nodes(), MAX_REPLICAS), Map.of()));
        out.println();
        out.println("Sending orders to " + topic + " at " + String.join(",", connection.getBootstrapServers()));

        Ledger ledger = new Ledger();
        OrderSender sender = new OrderSender(template, topic, ledger, out, () -> isInterrupted);
        List<Timing> timings = options.kill()
                ? new FaultySending(template, sender, nodeKill(topic, ledger)).send(options.duration())
                : new PlainSending(template, sender).send(options.orders());
        template.flush();

        List<SentOrder> sent = ledger.orders();
        Verdict verdict = Verification.of(sent, readBack.read(topic, sent));
        Report report = new Report(out);
        report.ways(timings, sent);
        report.verdict(verdict);
        isGood = verdict.isGood();
    }

    private NodeKill nodeKill(String topic, Ledger ledger) {
        DevCluster cluster = devCluster.getIfAvailable();
        if (cluster == null || cluster.nodes() < MAX_REPLICAS) {
            throw new IllegalArgumentException("--kill=true needs a development cluster that survives it: add --nodes="
                    + MAX_REPLICAS + " and leave app.producer.bootstrap-servers unset");
        }
        int leader = template.partitionsFor(topic).join().get(0).leader();
        return new NodeKill(cluster, leader, ledger, out);
    }
}
