package dev.millrace.benchmarks.security;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.DevMechanism;
import dev.millrace.devbroker.security.DevCertificates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Changes everything that secures the connections, at even distances over the run: certificates of brokers and client to
 * those of a new authority, three times, and the password in the middle. Notes how long it took until no connection was
 * left from before.
 */
final class SecurityChanges implements Runnable {

    static final int ROTATIONS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final DevCluster cluster;
    private final String listener;
    private final String user;
    private final ClientFiles files;
    private final ChangingPassword password;
    private final OpenConnections connections;
    private final Duration pause;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Change> changes = new ArrayList<>(); // the thread's until it ends
    private DevCertificates authority;
    private volatile @Nullable Exception failure;

    /** What was changed, and how long connections from before lived on. */
    record Change(String what, double seconds, boolean inTime) {}

    SecurityChanges(
            DevCluster cluster,
            String listener,
            String user,
            DevCertificates authority,
            ClientFiles files,
            ChangingPassword password,
            OpenConnections connections,
            Duration run) {
        this.cluster = cluster;
        this.listener = listener;
        this.user = user;
        this.authority = authority;
        this.files = files;
        this.password = password;
        this.connections = connections;
        this.pause = run.dividedBy(ROTATIONS + 2);
    }

    @Override
    public void run() {
        try {
            for (int i = 1; i <= ROTATIONS; i++) {
                if (ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                rotate(i);
                if (i == ROTATIONS / 2 + 1 && !ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    changePassword();
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    /** As operators do: first both sides trust the new authority too, then they show its certificates, then they forget the old. */
    private void rotate(int number) throws InterruptedException {
        DevCertificates next = DevCertificates.create("authority-" + number);
        long trusted = System.nanoTime();
        files.trust(authority.authority(), next.authority());
        cluster.security().trustClients(listener, authority.authority(), next.authority());
        awaitYoungerThan(trusted); // else brokers show what nobody trusts yet
        cluster.security().useCertificate(listener, next.broker());
        long shown = System.nanoTime();
        files.show(next.client("producer"));
        files.trust(next.authority());
        note("certificates of a new authority", shown);
        cluster.security().trustClients(listener, next.authority());
        authority = next;
    }

    private void changePassword() throws InterruptedException {
        String next = "password " + System.nanoTime();
        cluster.security().setUser(DevMechanism.SCRAM_SHA_512, user, next);
        long changed = System.nanoTime();
        password.become(next);
        note("password", changed);
    }

    private void note(String what, long sinceNanos) throws InterruptedException {
        boolean inTime = awaitYoungerThan(sinceNanos);
        changes.add(new Change(what, (System.nanoTime() - sinceNanos) / 1e9, inTime));
    }

    private boolean awaitYoungerThan(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!connections.areAllYoungerThan(nanos)) {
            if (System.nanoTime() - deadline > 0 || ended.await(100, TimeUnit.MILLISECONDS)) {
                return connections.areAllYoungerThan(nanos);
            }
        }
        return true;
    }

    /** No further change. */
    void end() {
        ended.countDown();
    }

    /** Those that were made; after the thread has ended. */
    List<Change> changes() {
        return changes;
    }

    /** Why it stopped early, or {@code null}. */
    @Nullable Exception failure() {
        return failure;
    }
}
