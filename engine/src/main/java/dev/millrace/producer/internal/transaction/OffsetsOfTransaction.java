package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The offsets that are being sent in the open transaction: each call on its own, to the coordinator of its group. */
@EventLoopOnly
final class OffsetsOfTransaction {

    private final TransactionCore core;
    private final IdentityRenewal renewal;
    private final ForgottenIdentity forgotten;
    private final TransactionDamage damage;
    private final Set<OffsetsCall> open = new LinkedHashSet<>();
    private @Nullable Runnable onIdle; // null unless somebody waits for the last call

    OffsetsOfTransaction(
            TransactionCore core, IdentityRenewal renewal, ForgottenIdentity forgotten, TransactionDamage damage) {
        this.forgotten = forgotten;
        this.core = core;
        this.renewal = renewal;
        this.damage = damage;
    }

    void send(
            OpenTransaction transaction,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group,
            PendingCall<Void> call) {
        OffsetsCall sent = new OffsetsCall(core, renewal, forgotten, damage, transaction, offsets, group);
        open.add(sent);
        call.within(core.settings().maxBlockNanos(), sent::timeOut);
        sent.start(failure -> {
            open.remove(sent);
            if (failure == null) {
                call.complete(null);
            } else {
                call.fail(failure);
            }
            tellIfIdle();
        });
    }

    /** Runs the task once no call is open, at once if none is. */
    void whenIdle(Runnable task) {
        onIdle = task;
        tellIfIdle();
    }

    /** Ends all calls. */
    void cancel(ProducerException why) {
        List.copyOf(open).forEach(call -> call.cancel(why));
    }

    private void tellIfIdle() {
        Runnable task = onIdle;
        if (open.isEmpty() && task != null) {
            onIdle = null;
            task.run();
        }
    }
}
