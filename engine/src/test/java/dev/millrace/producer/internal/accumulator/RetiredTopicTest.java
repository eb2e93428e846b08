package dev.millrace.producer.internal.accumulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topics that are given up while others still hold their queues. */
@Timeout(60)
class RetiredTopicTest {

    private static final int SENDERS = 4;
    private static final int RECORDS = 20_000;

    private final TestAccumulator test = new TestAccumulator();

    private boolean retire() {
        return test.accumulator.retire(test.topic(), queue -> true);
    }

    @Test
    void queueThatIsHeldRefusesAndTheTopicHasANewOne() throws InterruptedException {
        test.append("a");
        test.pollChanged().forEach(queue -> queue.waitNanos(0));
        test.drainAll();
        TopicQueues heldTopic = test.topic();
        PartitionQueue held = test.queue();
        assertThat(retire()).isTrue();

        assertThat(test.accumulator.append(held, Records.record("b"), new RecordCompletion(null), 0))
                .isEqualTo(Acceptance.RETIRED);
        assertThat(test.accumulator.append(heldTopic.queue(7), Records.record("b"), new RecordCompletion(null), 0))
                .isEqualTo(Acceptance.RETIRED);
        assertThat(test.accumulator.appendUnassigned(
                        heldTopic,
                        new UnassignedRecord(Records.record("b"), null, new RecordCompletion(null)),
                        earlier -> true,
                        0))
                .isEqualTo(Acceptance.RETIRED);
        assertThat(test.queue()).isNotSameAs(held);
        test.append("c");
        assertThat(test.drainAll()).containsExactly(List.of("c"));
        assertThat(test.accumulator.acceptedRecords()).isEqualTo(2);
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void topicWithARecordIsNotGivenUp() {
        test.append("queued");
        test.pollChanged().forEach(queue -> queue.waitNanos(0));
        assertThat(retire()).isFalse();
        test.drainAll();
        test.appendUnassigned("waits");
        assertThat(retire()).isFalse();
        assertThat(test.accumulator.topics()).hasSize(1);
    }

    /** The loop has it in its list of changed queues, and would take it for one in use. */
    @Test
    void queueTheLoopIsToLookAtIsNotGivenUp() {
        test.append("a");
        test.drainAll();
        assertThat(retire()).isFalse();
        test.pollChanged().forEach(queue -> queue.waitNanos(0));
        assertThat(retire()).isTrue();
    }

    /** Its batch has ended, but the callbacks have yet to run. */
    @Test
    void flushWaitsForTheCallbacksOfATopicThatWasGivenUp() {
        test.append("a");
        test.pollChanged().forEach(queue -> queue.waitNanos(0));
        test.drainAll();
        assertThat(retire()).isTrue();
        CompletableFuture<Void> flushed = test.accumulator.flush();
        assertThat(test.accumulator.topics()).as("flush makes no queues").isEmpty();
        assertThat(flushed).isNotDone();
        test.deliver();
        assertThat(flushed).isDone();
    }

    /** Each sender's records are to come out in its order, whatever is given up in between. */
    @Test
    void sendersThatRaceWithTheEndOfTheirQueuesLoseNothing() throws ExecutionException, InterruptedException {
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        List<Future<?>> running = new ArrayList<>();
        for (int sender = 0; sender < SENDERS; sender++) {
            String name = sender + ":";
            running.add(senders.submit(() -> send(name)));
        }
        List<String> out = new ArrayList<>();
        int retired = 0;
        while (running.stream().anyMatch(each -> !each.isDone()) || out.size() < SENDERS * RECORDS) {
            for (PartitionQueue changed : test.pollChanged()) {
                changed.waitNanos(0);
                for (ProducerBatch batch = changed.drain(); batch != null; batch = changed.drain()) {
                    out.addAll(Records.values(batch));
                    test.succeed(batch);
                }
            }
            test.deliver();
            retired += retire() ? 1 : 0;
        }
        for (Future<?> each : running) {
            each.get();
        }
        senders.shutdown();
        assertThat(senders.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(retired).as("topics given up").isGreaterThan(10);
        for (int sender = 0; sender < SENDERS; sender++) {
            String name = sender + ":";
            List<Integer> numbers = out.stream()
                    .filter(value -> value.startsWith(name))
                    .map(value -> Integer.valueOf(value.substring(name.length())))
                    .toList();
            assertThat(numbers).hasSize(RECORDS).isSorted().doesNotHaveDuplicates();
        }
        assertThat(test.accumulator.acceptedRecords()).isEqualTo((long) SENDERS * RECORDS);
        assertThat(test.pending()).isZero();
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    private void send(String name) {
        PartitionQueue held = test.queue();
        for (int i = 0; i < RECORDS; ) {
            try {
                Acceptance acceptance = test.accumulator.append(
                        held, Records.record(name + i), new RecordCompletion(null), TimeUnit.SECONDS.toNanos(10));
                if (acceptance == Acceptance.ACCEPTED) {
                    i++;
                } else {
                    assertThat(acceptance).isEqualTo(Acceptance.RETIRED);
                    held = test.queue();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
