package dev.millrace.spring;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.BatchSplit;
import dev.millrace.producer.observe.BufferWait;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.EngineError;
import dev.millrace.producer.observe.IdentityChange;
import dev.millrace.producer.observe.MetadataRefresh;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.producer.observe.RequestEnd;
import dev.millrace.producer.observe.SerializationEnd;
import dev.millrace.producer.observe.TransactionEnd;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several observers as the one an engine producer takes: told in order, whatever those before have thrown. */
final class CompositeProducerObserver implements ProducerObserver {

    private static final Logger LOGGER = LoggerFactory.getLogger(CompositeProducerObserver.class);

    private final List<Member> members;

    CompositeProducerObserver(List<ProducerObserver> observers) {
        this.members = observers.stream().map(Member::new).toList();
    }

    @Override
    public void onRecordRefused(RecordRefusal refusal) {
        tell(observer -> observer.onRecordRefused(refusal));
    }

    @Override
    public void onBufferWait(BufferWait wait) {
        tell(observer -> observer.onBufferWait(wait));
    }

    @Override
    public void onSerializationEnded(SerializationEnd serialization) {
        tell(observer -> observer.onSerializationEnded(serialization));
    }

    @Override
    public void onBatchEnded(BatchEnd batch) {
        tell(observer -> observer.onBatchEnded(batch));
    }

    @Override
    public void onBatchRetried(BatchRetry retry) {
        tell(observer -> observer.onBatchRetried(retry));
    }

    @Override
    public void onBatchSplit(BatchSplit split) {
        tell(observer -> observer.onBatchSplit(split));
    }

    @Override
    public void onRequestEnded(RequestEnd request) {
        tell(observer -> observer.onRequestEnded(request));
    }

    @Override
    public void onConnectionChanged(ConnectionChange change) {
        tell(observer -> observer.onConnectionChanged(change));
    }

    @Override
    public void onAuthentication(AuthenticationEnd authentication) {
        tell(observer -> observer.onAuthentication(authentication));
    }

    @Override
    public void onMetadata(MetadataRefresh refresh) {
        tell(observer -> observer.onMetadata(refresh));
    }

    @Override
    public void onIdentity(IdentityChange change) {
        tell(observer -> observer.onIdentity(change));
    }

    @Override
    public void onTransaction(TransactionEnd transaction) {
        tell(observer -> observer.onTransaction(transaction));
    }

    @Override
    public void onEngineError(EngineError error) {
        tell(observer -> observer.onEngineError(error));
    }

    @Override
    public void onClosed(CloseReport report) {
        tell(observer -> observer.onClosed(report));
    }

    private void tell(Consumer<ProducerObserver> event) {
        members.forEach(member -> member.tell(event));
    }

    /** One of them, and how often it has failed. */
    private static final class Member {

        private final ProducerObserver observer;
        private final AtomicLong failures = new AtomicLong();

        Member(ProducerObserver observer) {
            this.observer = observer;
        }

        void tell(Consumer<ProducerObserver> event) {
            try {
                event.accept(observer);
            } catch (Throwable e) { // as the engine does for a single one: the next are told all the same
                long count = failures.incrementAndGet();
                if (Long.bitCount(count) == 1) { // the 1st, 2nd, 4th, 8th …: must not flood the log
                    LOGGER.error(
                            "observer failed: observer={} failures={}",
                            observer.getClass().getName(),
                            count,
                            e);
                }
            }
        }
    }
}
