package dev.millrace.samples.transactions.shop;

import dev.millrace.devbroker.DevCluster;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Kills the development broker ({@code kill -9}) and starts it again. */
@Component
class BrokerOutage {
    private static final int NODE = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ObjectProvider<DevCluster> devCluster;

    BrokerOutage(ObjectProvider<DevCluster> devCluster) {
        this.devCluster = devCluster;
    }

    void begin() {
        cluster().kill(NODE);
    }

    /** Begins when everything has been checked before the commit of the database, and nothing is committed yet. */
    void beginBetweenCommits() {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCompletion() {
                begin();
            }
        });
    }

    /** The broker runs again; nothing happens if it did all the time. */
    void end() {
        devCluster.ifAvailable(cluster -> {
            cluster.start(NODE);
            cluster.awaitReady(PATIENCE);
        });
    }

    private DevCluster cluster() {
        DevCluster cluster = devCluster.getIfAvailable();
        if (cluster == null) {
            throw new OrderRefusedException(
                    "only a development broker is killed here; leave app.producer.bootstrap-servers unset");
        }
        return cluster;
    }
}
