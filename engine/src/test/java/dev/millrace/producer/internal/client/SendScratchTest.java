package dev.millrace.producer.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Headers;
import dev.millrace.producer.serialization.Serializers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SendScratchTest {

    private final SendScratch.Pool pool = new SendScratch.Pool();

    @Test
    void isUsedAgainByTheSameThread() {
        SendScratch first = pool.take();
        pool.give(first);

        assertThat(pool.take()).isSameAs(first);
    }

    @Test
    void aSendWithinASendHasOneOfItsOwn() {
        SendScratch outer = pool.take();
        SendScratch inner = pool.take();

        assertThat(inner).isNotSameAs(outer);

        pool.give(inner);
        assertThat(pool.take()).as("the outer send still has the slot").isNotSameAs(outer);
    }

    @Test
    void holdsNoArrayOfARecordThatIsThrough() {
        SendScratch scratch = pool.take();
        byte[] bytes = {1, 2, 3};
        scratch.serializeKey("t", Headers.empty(), bytes, Serializers.bytes());
        scratch.serializeValue(bytes, Serializers.bytes());
        assertThat(scratch.record().value()).isSameAs(bytes);

        pool.give(scratch);

        assertThat(scratch.record().key()).isNotSameAs(bytes);
        assertThat(scratch.record().value()).isNotSameAs(bytes);
        assertThat(scratch.record().keyLength()).isEqualTo(-1);
    }

    @Test
    void isNeverWithTwoThreadsAtOnce() throws Exception {
        Set<SendScratch> taken = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(40); // more than there are slots
        try {
            List<Callable<Boolean>> loops = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                loops.add(() -> {
                    boolean alone = true;
                    for (int round = 0; round < 5_000; round++) {
                        SendScratch scratch = pool.take();
                        alone &= taken.add(scratch);
                        taken.remove(scratch);
                        pool.give(scratch);
                    }
                    return alone;
                });
            }
            for (Future<Boolean> alone : threads.invokeAll(loops)) {
                assertThat(alone.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }
}
