package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.RequestFailure;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.VersionRange;
import java.util.List;

/** Makes a request of batches for one broker, in a version that may carry them, and hands it to the connection. */
@EventLoopOnly
final class ProduceDispatch {

    private static final short LAST_PRODUCE_BY_NAME = 12;
    private static final short FIRST_PRODUCE_THAT_ENROLS = 12; // KIP-890

    private final SenderSettings settings;
    private final EventLoop loop;
    private final ClusterMetadata metadata;
    private final Idempotence idempotence;
    private final Outcomes outcomes;
    private final UnansweredBatches unanswered;
    private final ProduceExchange.Owner owner;

    ProduceDispatch(
            SenderParts parts,
            Idempotence idempotence,
            Outcomes outcomes,
            UnansweredBatches unanswered,
            ProduceExchange.Owner owner) {
        this.settings = parts.settings();
        this.loop = parts.loop();
        this.metadata = parts.metadata();
        this.idempotence = idempotence;
        this.outcomes = outcomes;
        this.unanswered = unanswered;
        this.owner = owner;
    }

    /** Sends; the batches fail if the broker is too old for them. The owner hears of the answer, also after an error. */
    void send(BrokerConnection connection, List<DrainedBatch> batches) {
        ProduceExchange exchange = new ProduceExchange(
                settings, idempotence.transactionalId(), metadata.snapshot(), connection, batches, owner);
        short version;
        try {
            version = connection.versions().chooseWithin(ApiKey.PRODUCE, versions(exchange));
        } catch (UnsupportedApiException e) {
            batches.forEach(batch -> outcomes.unsupported(batch, connection.nodeId(), e));
            return;
        }
        long now = loop.nanos();
        batches.forEach(batch -> batch.partition().sent(batch, connection.nodeId(), now));
        unanswered.sent(batches.size());
        try {
            if (settings.expectsResponses()) {
                connection.send(exchange.request(), version, exchange);
            } else {
                connection.sendOneWay(exchange.request(), version, exchange);
            }
        } catch (Throwable thrown) {
            loop.execute(() -> exchange.onFailure(neverSent(thrown))); // nobody else will say that they are back
            throw thrown;
        }
    }

    /** A transaction whose partitions are enrolled by Produce itself needs a broker that does so. */
    private VersionRange versions(ProduceExchange exchange) {
        VersionRange spoken = ApiKey.PRODUCE.versions();
        short limit = idempotence.produceVersionLimit();
        boolean enrols = idempotence.transactionalId() != null && limit >= FIRST_PRODUCE_THAT_ENROLS;
        short max = exchange.allTopicIdsKnown() ? limit : (short) Math.min(limit, LAST_PRODUCE_BY_NAME);
        return new VersionRange(enrols ? FIRST_PRODUCE_THAT_ENROLS : spoken.min(), max);
    }

    private static RequestFailure neverSent(Throwable thrown) {
        return new RequestFailure(RequestFailure.Kind.NOT_SENT, "internal error: " + thrown, thrown, true);
    }
}
