package dev.millrace.producer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.protocol.message.CoordinatorType;
import dev.millrace.producer.internal.simulation.PartitionLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One history of transactions and faults that follows from its seed. An application sends and ends one transaction after
 * the other, and is killed and started again, sometimes while its last life goes on; what must be true is judged by what
 * readers of committed records see.
 */
final class TransactionHistory {

    private static final Duration MAX_BLOCK = Duration.ofSeconds(6);
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration SLACK = Duration.ofMillis(10);
    private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata(TransactionWorld.GROUP);
    private static final String DOOMED_TOPIC = "doomed"; // deleted and made anew all the time
    private static final int PARTITIONS = 3;
    private static final int LARGE_BATCH_LIMIT = 500;

    private final SplittableRandom random;
    private final TransactionWorld world;
    private final FaultyCluster faults;
    private final Duration transactionTimeout;
    private final boolean startsClassic;
    private final boolean recreates;
    private final boolean expires;
    private final boolean lingers;
    private final int batchSize;
    private final int maxInFlight;
    private final List<Transaction> transactions = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<SimulatedProcess> abandoned = new ArrayList<>();
    private @Nullable SimulatedProcess process; // that the application works with, null between its lives
    private @Nullable SimulatedProcess newest;
    private int takeoversBefore; // it started
    private boolean hasExpired;

    TransactionHistory(long seed) {
        random = new SplittableRandom(seed);
        startsClassic = random.nextBoolean();
        world = new TransactionWorld(startsClassic ? TransactionWorld.CLASSIC : TransactionWorld.IMPLICIT);
        faults = new FaultyCluster(world.loop, world.cluster, random.split(), TransactionWorld.NODES);
        transactionTimeout = Duration.ofSeconds(4 + random.nextInt(12));
        recreates = random.nextInt(3) == 0;
        expires = random.nextInt(3) == 0;
        lingers = random.nextBoolean();
        batchSize = random.nextInt(1200);
        maxInFlight = 1 + random.nextInt(5);
        SplittableRandom markers = random.split();
        int slowest = 1 + random.nextInt(300);
        world.cluster.transactions().markersTake(() -> Duration.ofMillis(markers.nextInt(slowest)));
        world.cluster.topic(DOOMED_TOPIC, 1 + random.nextInt(TransactionWorld.NODES));
        if (random.nextBoolean()) {
            world.cluster.giveHints();
        }
    }

    /** A transaction as the application knows it. */
    private static final class Transaction {
        final int number;
        final List<Sent> records = new ArrayList<>();
        final List<Long> offsets = new ArrayList<>();
        final List<CompletableFuture<Void>> offsetCalls = new ArrayList<>();
        boolean endsByCommit;

        @Nullable TransactionOutcome outcome; // null if the application never got to know it

        Transaction(int number) {
            this.number = number;
        }

        boolean isCommitted() {
            return outcome instanceof TransactionOutcome.Committed;
        }

        boolean mayBeCommitted() {
            boolean isUnknown = outcome == null || outcome instanceof TransactionOutcome.Unknown;
            return isCommitted() || (isUnknown && endsByCommit);
        }

        @Override
        public String toString() {
            return "transaction " + number + (endsByCommit ? " commit " : " abort ") + outcome + " " + records
                    + " offsets " + offsets;
        }
    }

    /** A record of one. */
    private static final class Sent {
        final String topic;
        final int partition;
        final String value;
        final CompletableFuture<RecordMetadata> future;
        int completions;

        Sent(SimulatedProcess process, String topic, int partition, String value) {
            this.topic = topic;
            this.partition = partition;
            this.value = value;
            this.future = process.producer.send(
                    new ProducerRecord<>(topic, partition, null, value), (metadata, failure) -> completions++);
        }

        @Override
        public String toString() {
            return topic + "-" + partition + " " + value.substring(0, value.lastIndexOf('.'));
        }
    }

    /** A call that must come to an end in time. */
    private record Call(SimulatedProcess process, CompletableFuture<?> future, Duration due, String what) {}

    /** The process died while it waited. */
    private static final class Died extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Lets it happen and checks what must hold. */
    void play() {
        int count = 4 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            try {
                transact(i);
            } catch (Died e) {
                process = null;
            }
            checkCalls();
        }
        settle(count);
        checkCalls();
        checkRecords();
        checkLogs();
        checkOffsets();
    }

    /** How many transactions ended in which way, as the application knows it; null for those it died with. */
    Map<@Nullable String, Long> outcomes() {
        Map<@Nullable String, Long> counts = new HashMap<>();
        for (Transaction each : transactions) {
            TransactionOutcome outcome = each.outcome;
            String name = outcome == null ? null : nameOf(outcome);
            counts.merge(name, 1L, Long::sum);
        }
        return counts;
    }

    private static String nameOf(TransactionOutcome outcome) {
        if (outcome instanceof TransactionOutcome.Unknown) {
            return "unknown";
        }
        if (outcome instanceof TransactionOutcome.Aborted aborted) {
            return aborted.cause() == null ? "aborted by the application" : "aborted by a failure";
        }
        return outcome instanceof TransactionOutcome.Fenced ? "fenced" : "committed";
    }

    private void transact(int number) throws Died {
        SimulatedProcess at = readyProcess();
        if (at == null) {
            return;
        }
        maybe(8, this::expireId);
        if (fails(await(at, "begin", at.producer.beginAsync(), MAX_BLOCK))) {
            return;
        }
        Transaction transaction = new Transaction(number);
        transactions.add(transaction);
        int steps = random.nextInt(7);
        for (int i = 0; i < steps; i++) {
            act(at);
            maybe(16, this::expireId);
            step(at, transaction, i);
        }
        end(at, transaction);
    }

    private void step(SimulatedProcess at, Transaction transaction, int step) throws Died {
        switch (random.nextInt(8)) {
            case 0 -> {
                long offset = transaction.number * 100L + step;
                CompletableFuture<Void> sent = at.sendOffset(offset, GROUP);
                transaction.offsets.add(offset);
                transaction.offsetCalls.add(sent);
                calls.add(call(at, sent, MAX_BLOCK, "offsets"));
            }
            case 1 -> {
                CompletableFuture<Void> unused =
                        await(at, "flush", at.producer.flushAsync(), DELIVERY_TIMEOUT.plus(MAX_BLOCK));
            }
            default -> {
                int count = random.nextInt(4) == 0 ? 1 + random.nextInt(10) : 1;
                for (int i = 0; i < count; i++) {
                    send(at, transaction);
                }
            }
        }
    }

    private void send(SimulatedProcess at, Transaction transaction) {
        boolean isDoomed = recreates && random.nextInt(6) == 0;
        String topic = isDoomed ? DOOMED_TOPIC : TransactionWorld.TOPIC;
        int partition = isDoomed ? 0 : random.nextInt(PARTITIONS);
        String value = transaction.number + "." + transaction.records.size() + "." + "x".repeat(random.nextInt(200));
        transaction.records.add(new Sent(at, topic, partition, value));
    }

    private void end(SimulatedProcess at, Transaction transaction) throws Died {
        if (random.nextInt(12) == 0) {
            advance(transactionTimeout.toMillis() + random.nextInt(2000));
        }
        if (random.nextInt(16) == 0) {
            leaveAlone(at, transaction); // a successor will start while it goes on
            return;
        }
        transaction.endsByCommit = random.nextInt(4) != 0;
        if (!transaction.endsByCommit) {
            CompletableFuture<TransactionOutcome> abort = await(at, "abort", at.producer.abortAsync(), MAX_BLOCK);
            transaction.outcome = abort.join();
            assertThat(transaction.outcome).as("%s", transaction).isNotInstanceOf(TransactionOutcome.Committed.class);
            return;
        }
        CompletableFuture<TransactionOutcome> commit = await(at, "commit", at.producer.commitAsync(), MAX_BLOCK);
        transaction.outcome = commit.join();
        resolve(at, transaction, 1 + random.nextInt(3));
    }

    private void resolve(SimulatedProcess at, Transaction transaction, int times) throws Died {
        for (int i = 0; i < times && transaction.outcome instanceof TransactionOutcome.Unknown unknown; i++) {
            act(at);
            transaction.outcome =
                    await(at, "resolve", unknown.resolve(), MAX_BLOCK).join();
        }
        if (transaction.outcome instanceof TransactionOutcome.Unknown) {
            kill(at);
            throw new Died();
        }
    }

    /** It commits when the history is nearly over, or right away. */
    private void leaveAlone(SimulatedProcess at, Transaction transaction) throws Died {
        abandoned.add(at);
        transaction.endsByCommit = true;
        Duration later = Duration.ofMillis(random.nextInt(8000));
        world.loop.schedule(later.toNanos(), () -> {
            if (!at.isDead()) {
                CompletableFuture<TransactionOutcome> commit = at.producer.commitAsync();
                calls.add(call(at, commit, MAX_BLOCK, "late commit"));
                var unused = commit.thenAccept(outcome -> transaction.outcome = outcome);
            }
        });
        throw new Died();
    }

    private @Nullable SimulatedProcess readyProcess() throws Died {
        SimulatedProcess at = process;
        if (at != null && at.state() == TransactionState.FAILED) {
            checkThatItMayFail(at);
            kill(at);
            at = null;
        }
        if (at == null) {
            at = start();
            process = at;
        }
        for (int attempt = 0; at.state() == TransactionState.UNINITIALIZED && attempt < 4; attempt++) {
            CompletableFuture<Void> unused = await(at, "init", at.producer.initAsync(), MAX_BLOCK);
        }
        if (at.state() == TransactionState.UNINITIALIZED || at.state() == TransactionState.INITIALIZING) {
            kill(at);
            throw new Died();
        }
        return at.state() == TransactionState.FAILED ? null : at;
    }

    private SimulatedProcess start() {
        takeoversBefore = world.cluster.transactions().takeovers();
        SimulatedProcess started = new SimulatedProcess(world, random.split(), this::configure);
        newest = started;
        return started;
    }

    /**
     * Only a successor fences, or a request of a predecessor that came late. Below transaction.version 2 a timeout looks the
     * same, and a request that is carried out after the end of its transaction has the same effect.
     */
    private void checkThatItMayFail(SimulatedProcess at) {
        boolean isTakenOver = world.cluster.transactions().takeovers() - takeoversBefore > 1;
        boolean lostIdentity = hasExpired; // if the answer with the next one is lost, too, nobody can prove anything
        assertThat(at != newest || isTakenOver || startsClassic || lostIdentity)
                .as("nobody came after the producer that failed, of %s", transactions)
                .isTrue();
    }

    private ProducerConfig.Builder configure(ProducerConfig.Builder config) {
        return config.linger(lingers ? Duration.ofMillis(20) : Duration.ZERO)
                .batchSize(batchSize)
                .maxInFlight(maxInFlight)
                .requestTimeout(REQUEST_TIMEOUT)
                .deliveryTimeout(DELIVERY_TIMEOUT)
                .maxBlock(MAX_BLOCK)
                .transactionTimeout(transactionTimeout)
                .metadataMaxIdle(Duration.ofSeconds(5));
    }

    private Call call(SimulatedProcess at, CompletableFuture<?> future, Duration limit, String what) {
        return new Call(at, future, world.loop.elapsed().plus(limit).plus(SLACK), what);
    }

    /** Lets things happen until the call has ended, well or not. */
    private <T extends @Nullable Object> CompletableFuture<T> await(
            SimulatedProcess at, String what, CompletableFuture<T> future, Duration limit) throws Died {
        Call call = call(at, future, limit, what);
        calls.add(call);
        while (!future.isDone()) {
            assertThat(world.loop.elapsed()).as("time of %s", what).isLessThanOrEqualTo(call.due());
            act(at);
            advance(1 + random.nextInt(200));
        }
        return future;
    }

    private static boolean fails(CompletableFuture<?> future) {
        return future.isCompletedExceptionally();
    }

    /** Something happens, or nothing. */
    private void act(SimulatedProcess at) throws Died {
        switch (random.nextInt(25)) {
            case 0, 16 -> faults.misbehave(random.nextInt(70), random.nextInt(250));
            case 1 -> faults.misbehave(0, random.nextInt(30));
            case 2 -> faults.cut(anyNode());
            case 3 -> killOrStart(anyNode());
            case 4 -> world.cluster.moveLeader(TransactionWorld.TOPIC, random.nextInt(PARTITIONS), anyNode());
            case 5, 6 -> moveCoordinator();
            case 7 -> faults.refuseForGood(random.nextInt(40));
            case 8 -> recreateTopic();
            case 9 -> maybe(6, () -> advance(random.nextInt(7000)));
            case 10, 11, 12 -> advance(random.nextInt(100));
            case 13 -> {
                if (random.nextInt(6) == 0) {
                    kill(at);
                    throw new Died();
                }
            }
            case 14, 15 -> heal();
            case 17 -> world.cluster.limitBatches(random.nextBoolean() ? LARGE_BATCH_LIMIT : Integer.MAX_VALUE);
            case 18 -> maybe(10, this::upgrade);
            default -> world.loop.runReady();
        }
    }

    private void maybe(int oneIn, Runnable action) {
        if (random.nextInt(oneIn) == 0) {
            action.run();
        }
    }

    private void advance(long millis) {
        world.loop.advance(Duration.ofMillis(millis));
    }

    private void kill(SimulatedProcess at) {
        at.kill();
        process = null;
    }

    private void killOrStart(int node) {
        if (faults.isDown(node)) {
            faults.start(node);
        } else {
            faults.kill(node);
            maybe(2, this::moveCoordinator);
        }
    }

    private void moveCoordinator() {
        CoordinatorType type = random.nextInt(3) == 0 ? CoordinatorType.GROUP : CoordinatorType.TRANSACTION;
        String name = type == CoordinatorType.GROUP ? TransactionWorld.GROUP : TransactionWorld.ID;
        Duration loading = Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(1500) : 0);
        world.cluster.coordinators().move(type, name, anyNode(), loading);
    }

    /** Every node is restarted with it, so that clients connect anew. */
    private void upgrade() {
        world.cluster.transactionVersion(TransactionWorld.IMPLICIT);
        for (int node = 1; node <= TransactionWorld.NODES; node++) {
            faults.cut(node);
        }
    }

    private void recreateTopic() {
        if (recreates) {
            if (random.nextBoolean()) {
                world.cluster.deleteTopic(DOOMED_TOPIC);
            } else {
                world.cluster.recreateTopic(DOOMED_TOPIC, anyNode());
            }
        }
    }

    /** Only ids without a transaction expire. */
    private void expireId() {
        if (expires && abandoned.isEmpty() && world.cluster.transactions().isIdle(TransactionWorld.ID)) {
            world.cluster.transactions().forget(TransactionWorld.ID);
            hasExpired = true;
        }
    }

    private int anyNode() {
        return 1 + random.nextInt(TransactionWorld.NODES);
    }

    private void heal() {
        faults.heal();
        faults.refuseForGood(0);
    }

    /** Ends the faults; then everything ends, and a last transaction commits. */
    private void settle(int number) {
        heal();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            world.cluster.moveLeader(TransactionWorld.TOPIC, partition, anyNode());
        }
        advance(Duration.ofSeconds(30).toMillis());
        SimulatedProcess at = process;
        if (at != null && at.state() == TransactionState.FAILED) {
            checkThatItMayFail(at);
        }
        if (at == null || at.isDead() || at.state() == TransactionState.FAILED || !abandoned.isEmpty()) {
            at = start();
        }
        if (at.state() == TransactionState.UNINITIALIZED || at.state() == TransactionState.INITIALIZING) {
            at.ready();
        }
        TransactionOutcome last = commitLast(at, number);
        assertThat(last).isInstanceOf(TransactionOutcome.Committed.class);
        world.loop.advance(transactionTimeout.plusSeconds(5));
        assertThat(at.state()).isEqualTo(TransactionState.READY);
        assertThat(at.pool.usage().usedBytes()).isZero();
        process = at;
    }

    private TransactionOutcome commitLast(SimulatedProcess at, int number) {
        Transaction last = new Transaction(number);
        last.endsByCommit = true;
        at.begin();
        transactions.add(last);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            last.records.add(new Sent(at, TransactionWorld.TOPIC, partition, number + "." + partition));
        }
        last.outcome = at.commit();
        return last.outcome;
    }

    private void checkCalls() {
        for (Call call : calls) {
            if (!call.process().isDead() && call.due().compareTo(world.loop.elapsed()) < 0) {
                assertThat(call.future()).as("%s", call).isDone();
                failureOf(call.future(), failure -> assertThat(failure)
                        .as("%s", call)
                        .isInstanceOfAny(ProducerException.class, IllegalStateException.class));
            }
        }
        calls.removeIf(call -> call.process().isDead() || call.future().isDone());
    }

    private static void failureOf(CompletableFuture<?> future, Consumer<Throwable> check) {
        if (future.isCompletedExceptionally()) {
            Throwable failure = future.handle((value, cause) -> cause).join();
            check.accept(failure instanceof CompletionException ? failure.getCause() : failure);
        }
    }

    private void checkRecords() {
        for (Transaction transaction : transactions) {
            if (transaction.isCommitted()) {
                assertThat(transaction.offsetCalls)
                        .as("offsets of %s", transaction)
                        .allMatch(call -> call.isDone() && !call.isCompletedExceptionally());
            }
            for (Sent record : transaction.records) {
                assertThat(record.completions).as("%s", record).isLessThanOrEqualTo(1);
                if (transaction.outcome != null) {
                    assertThat(record.future)
                            .as("%s of %s", record, transaction)
                            .isDone();
                    assertThat(record.completions)
                            .as("%s of %s", record, transaction)
                            .isOne();
                }
                if (transaction.isCommitted()) {
                    assertThat(record.future)
                            .as("%s of %s", record, transaction)
                            .isCompleted();
                }
            }
        }
    }

    private void checkLogs() {
        List<List<String>> seen = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            PartitionLog log = world.cluster.log(TransactionWorld.TOPIC, partition);
            assertThat(log.lastStableOffset())
                    .as("nothing is open in partition %d", partition)
                    .isEqualTo(log.values().size());
            seen.add(log.committedValues());
        }
        Set<Integer> visible = new HashSet<>();
        for (Transaction transaction : transactions) {
            List<Sent> records = transaction.records.stream()
                    .filter(record -> record.topic.equals(TransactionWorld.TOPIC))
                    .toList();
            long found = records.stream()
                    .filter(record -> seen.get(record.partition).contains(record.value))
                    .count();
            assertThat(found).as("all or nothing of %s", transaction).isIn(0L, (long) records.size());
            if (transaction.isCommitted()) {
                assertThat(found).as("%s", transaction).isEqualTo(records.size());
            }
            if (!transaction.mayBeCommitted()) {
                assertThat(found).as("%s", transaction).isZero();
            }
            if (found > 0) {
                visible.add(transaction.number);
            }
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int index = partition;
            List<String> expected = transactions.stream()
                    .filter(transaction -> visible.contains(transaction.number))
                    .flatMap(transaction -> transaction.records.stream())
                    .filter(record -> record.topic.equals(TransactionWorld.TOPIC) && record.partition == index)
                    .map(record -> record.value)
                    .toList();
            assertThat(seen.get(partition))
                    .as("order in partition %d", partition)
                    .isEqualTo(expected);
        }
        checkDoomedTopic();
    }

    /** Of a topic that was deleted meanwhile the rest must still be what was committed. */
    private void checkDoomedTopic() {
        world.cluster.topic(DOOMED_TOPIC, 1);
        List<String> allowed = transactions.stream()
                .filter(Transaction::mayBeCommitted)
                .flatMap(transaction -> transaction.records.stream())
                .filter(record -> record.topic.equals(DOOMED_TOPIC))
                .map(record -> record.value)
                .toList();
        List<String> seen = world.cluster.log(DOOMED_TOPIC, 0).committedValues();
        assertThat(seen).isEqualTo(allowed.stream().filter(seen::contains).toList());
    }

    private void checkOffsets() {
        assertThat(world.cluster.groups().hasPending(TransactionWorld.GROUP)).isFalse();
        long committed = world.committedOffset();
        long newest = -1;
        Set<Long> allowed = new HashSet<>();
        allowed.add(-1L);
        for (Transaction transaction : transactions) {
            long last = transaction.offsets.isEmpty() ? -1 : transaction.offsets.get(transaction.offsets.size() - 1);
            if (transaction.isCommitted() && last >= 0) {
                allowed.clear();
                newest = last;
            }
            if (transaction.mayBeCommitted() && last >= 0) {
                allowed.addAll(transaction.offsets);
            }
        }
        assertThat(committed).as("newest=%d", newest).isIn(allowed);
    }
}
