package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnResponse;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of sendOffsets: with the classic protocol the transaction's coordinator is told of the group first, once per
 * transaction; then the group's coordinator gets the offsets.
 */
@EventLoopOnly
final class OffsetsCall {

    private final TransactionCore core;
    private final IdentityRenewal renewal;
    private final TransactionDamage damage;
    private final OpenTransaction transaction;
    private final ConsumerGroupMetadata group;
    private final OffsetsExchange offsets;

    private @Nullable CoordinatorRequest<?> request; // null before the first, and while an identity is fetched
    private @Nullable Consumer<@Nullable ProducerException> onEnd; // null before the start and after the end

    OffsetsCall(
            TransactionCore core,
            IdentityRenewal renewal,
            TransactionDamage damage,
            OpenTransaction transaction,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        this.core = core;
        this.renewal = renewal;
        this.damage = damage;
        this.transaction = transaction;
        this.group = group;
        this.offsets = new OffsetsExchange(core, transaction.protocol(), group, offsets, new Step());
    }

    /** Sends; the listener hears null once all offsets are taken, or why they are not. */
    void start(Consumer<@Nullable ProducerException> listener) {
        onEnd = listener;
        if (transaction.protocol() == Protocol.CLASSIC && !transaction.hasGroup(group.groupId())) {
            request = core.ask(new GroupExchange());
        } else {
            sendOffsets();
        }
    }

    /** The caller's patience is at its end, and with it the transaction's chance to be committed. */
    void timeOut() {
        ProducerException failure = core.failures().offsetsTimedOut(group.groupId(), progress());
        core.door().fail(failure);
        cancel(failure);
    }

    void cancel(ProducerException why) {
        renewal.leave(renewed);
        if (request != null) {
            request.cancel();
            if (request.isDoubtful()) {
                transaction.doubt();
            }
        }
        end(why);
    }

    private final IdentityRenewal.Listener renewed = new IdentityRenewal.Listener() {
        @Override
        public void onRenewed() {
            Consumer<@Nullable ProducerException> listener = onEnd;
            if (listener != null) {
                start(listener);
            }
        }

        @Override
        public void onRefused(ErrorCode error, String progress) {
            refused(Inquiry.OFFSETS, error, TransactionReactions.to(Inquiry.OFFSETS, error));
        }
    };

    private void sendOffsets() {
        request = core.askGroup(group.groupId(), offsets);
    }

    private String progress() {
        return request == null ? "" : request.describe();
    }

    private void refused(Inquiry inquiry, ErrorCode error, Reaction reaction) {
        boolean doubtful = request != null && request.wasDoubtful();
        boolean nothingAtStake = !transaction.isEnrolled()
                && !transaction.isDoubtful()
                && !doubtful
                && !core.identity().isUsed();
        if (reaction == Reaction.RENEW_IDENTITY && nothingAtStake) {
            request = null;
            renewal.ask(renewed);
            return;
        }
        if (doubtful || (inquiry == Inquiry.OFFSETS && transaction.protocol() == Protocol.IMPLICIT)) {
            transaction.doubt(); // the group may be part of it although its offsets were refused
        }
        String what = "group=" + group.groupId() + (inquiry == Inquiry.OFFSETS ? " " + offsets.describe() : "");
        TransactionDamage.Words words =
                new TransactionDamage.Words(what, offsets.refusedTopics(), group.groupId(), progress());
        end(damage.refused(transaction, inquiry, error, reaction, words));
    }

    private void end(@Nullable ProducerException failure) {
        Consumer<@Nullable ProducerException> listener = onEnd;
        onEnd = null;
        if (listener != null) {
            listener.accept(failure);
        }
    }

    /** Tells the coordinator of the transaction that offsets of the group are part of it. */
    private final class GroupExchange implements CoordinatorRequest.Exchange<AddOffsetsToTxnResponse> {

        @Override
        public Inquiry inquiry() {
            return Inquiry.GROUP;
        }

        @Override
        public ApiRequest<AddOffsetsToTxnResponse> request() {
            return new AddOffsetsToTxnRequest(
                    core.settings().transactionalId(),
                    core.identity().producerId(),
                    core.identity().epoch(),
                    group.groupId());
        }

        @Override
        public ErrorCode take(AddOffsetsToTxnResponse response) {
            return response.error();
        }

        @Override
        public void onEnd(AddOffsetsToTxnResponse response, ErrorCode error, Reaction reaction) {
            if (reaction == Reaction.DONE) {
                transaction.addGroup(group.groupId());
                sendOffsets();
            } else {
                refused(Inquiry.GROUP, error, reaction);
            }
        }

        @Override
        public void onNoCoordinator(ErrorCode error, Reaction reaction) {
            refused(Inquiry.COORDINATOR, error, reaction);
        }

        @Override
        public boolean retriesUnsupported(UnsupportedApiException unsupported) {
            return true; // every broker that transactions work with speaks it
        }
    }

    /** What becomes of the offsets themselves. */
    private final class Step implements OffsetsExchange.Listener {

        @Override
        public void onTaken() {
            transaction.addGroup(group.groupId());
            end(null);
        }

        @Override
        public void onRefused(Inquiry inquiry, ErrorCode error, Reaction reaction) {
            refused(inquiry, error, reaction);
        }

        @Override
        public void onUnsupported(UnsupportedApiException unsupported) {
            ProducerException failure =
                    core.failures().abortable(Inquiry.OFFSETS, unsupported, "group=" + group.groupId(), progress());
            core.door().fail(failure);
            end(failure);
        }
    }
}
