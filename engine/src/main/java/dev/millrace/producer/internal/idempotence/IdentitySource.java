package dev.millrace.producer.internal.idempotence;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.network.RequestFailure;
import dev.millrace.producer.internal.network.ResponseHandler;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import dev.millrace.producer.internal.time.Backoff;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the producer's identity from the cluster, and a new one when the epochs of the old are used up.
 *
 * <p>Passing errors are tried again with backoff for as long as it takes: the records that wait have deadlines of their
 * own. An error that will not pass is told to the listener, who fails what waits; the next {@link #prepare} asks again,
 * so that nothing has to be restarted once the cluster is set right.
 */
@EventLoopOnly
public final class IdentitySource implements Idempotence {

    private static final Logger LOG = LoggerFactory.getLogger(IdentitySource.class);

    private final String logPrefix;
    private final ClusterMetadata cluster;
    private final EventLoop loop;
    private final Backoff backoff;
    private final Listener listener;
    private final int firstSequence;

    private @Nullable ProducerIdentity identity; // null until the cluster has answered
    private short firstEpoch; // of partitions that begin with the identity
    private boolean asking;
    private ErrorCode refusal = ErrorCode.NONE; // what was last told
    private boolean closed;
    private int failures;
    private String lastFailure = "";

    /** Nothing is asked before {@link #prepare}. */
    public IdentitySource(
            String clientId, ClusterMetadata cluster, EventLoop loop, Backoff backoff, Listener listener) {
        this(clientId, cluster, loop, backoff, listener, 0);
    }

    /** As above, with the sequence at which partitions begin: a broker that knows nothing of a producer takes any. */
    public IdentitySource(
            String clientId,
            ClusterMetadata cluster,
            EventLoop loop,
            Backoff backoff,
            Listener listener,
            int firstSequence) {
        this.firstSequence = firstSequence;
        this.logPrefix = "[producer=" + clientId + "]";
        this.cluster = cluster;
        this.loop = loop;
        this.backoff = backoff;
        this.listener = listener;
    }

    /** Hears of the identity, on the event loop. */
    public interface Listener {

        /** Batches can be stamped, with this id. */
        void onIdentity(long producerId);

        /** The cluster gives no identity until somebody changes something there. */
        void onIdentityRefused(ErrorCode error);
    }

    @Override
    public PartitionSequences newPartition(TopicPartition partition) {
        return new NumberedPartition(this);
    }

    @Override
    public void prepare() {
        if (current() == null && !asking) {
            ask();
        }
    }

    @Override
    public String problem() {
        return failures == 0 ? "" : ": attempts=" + failures + " last=" + lastFailure;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** The identity for partitions without one, null while it is not known. */
    @Nullable ProducerIdentity current() {
        ProducerIdentity known = identity;
        if (known != null && isForeign(known)) {
            identity = null;
        }
        return identity;
    }

    /**
     * Whether another cluster has taken the place of the one that gave this identity. There the same id may be somebody
     * else's, so that a batch could pass for one of his.
     */
    boolean isForeign(ProducerIdentity given) {
        String now = cluster.snapshot().clusterId();
        return now != null && given.clusterId() != null && !now.equals(given.clusterId());
    }

    /** The epoch of a partition that begins with the {@link #current} identity. */
    short firstEpoch() {
        return firstEpoch;
    }

    /** The sequence of a partition that begins with the {@link #current} identity. */
    int firstSequence() {
        boolean mayBeKnown = identity != null && firstEpoch != identity.producerEpoch();
        return mayBeKnown ? 0 : firstSequence; // a broker takes a later epoch only from 0 on
    }

    /**
     * A partition has ended that was in this epoch; nobody remembers which. So whatever begins from now on does so in a
     * later one, which a broker takes from 0 on, whether it has seen the partition's producer before or not.
     */
    void used(ProducerIdentity ended, short epoch) {
        if (!ended.equals(identity) || epoch < firstEpoch) {
            return;
        }
        if (epoch == Short.MAX_VALUE) {
            identity = null; // the next batch that has no identity asks for another one
        } else {
            firstEpoch = (short) (epoch + 1);
        }
    }

    /** The identity has no epoch left for one of its partitions; the others go on with it. */
    void retire(ProducerIdentity exhausted) {
        if (exhausted.equals(identity)) {
            identity = null;
            prepare();
        }
    }

    private void ask() {
        if (closed) {
            return;
        }
        asking = true;
        cluster.sendToAnyNode(
                new InitProducerIdRequest(null, Integer.MAX_VALUE, -1, (short) -1),
                new ResponseHandler<InitProducerIdResponse>() {
                    @Override
                    public void onResponse(InitProducerIdResponse response) {
                        answered(response);
                    }

                    @Override
                    public void onFailure(RequestFailure failure) {
                        askLater(failure.toString());
                    }
                });
    }

    private void answered(InitProducerIdResponse response) {
        if (closed) {
            return;
        }
        if (response.error() == ErrorCode.NONE) {
            asking = false;
            failures = 0;
            identity = new ProducerIdentity(
                    response.producerId(),
                    response.producerEpoch(),
                    cluster.snapshot().clusterId());
            firstEpoch = response.producerEpoch();
            LOG.debug("{} producer id {} epoch {}", logPrefix, response.producerId(), response.producerEpoch());
            if (refusal != ErrorCode.NONE) {
                refusal = ErrorCode.NONE;
                LOG.info("{} has a producer id again", logPrefix);
            }
            listener.onIdentity(response.producerId());
        } else if (response.error().isRetriable()) {
            askLater(response.error().toString());
        } else {
            asking = false;
            failures = 0;
            if (refusal != response.error()) { // every record asks again, and one line is enough
                refusal = response.error();
                LOG.warn("{} no producer id: error={}; records that wait for it fail", logPrefix, refusal);
            }
            listener.onIdentityRefused(response.error());
        }
    }

    private void askLater(String why) {
        failures++;
        lastFailure = why;
        LOG.debug("{} no producer id yet: attempt={} cause={}", logPrefix, failures, why);
        loop.schedule(backoff.nextNanos(failures), this::ask);
    }
}
