package dev.millrace.producer.internal.metadata;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.network.RequestFailure;
import dev.millrace.producer.internal.network.ResponseHandler;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.simulation.MetadataAnswer;
import dev.millrace.producer.internal.simulation.SimulatedBroker;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is asked when, and what becomes of topics. */
class ClusterMetadataTest extends MetadataWorld {

    /** 34. */
    @Test
    @Tag("row-34")
    void fetchesANewTopicAtOnceAndAlone() {
        topics.put("orders", answer -> answer.topic("orders", 1));
        topics.put("payments", answer -> answer.topic("payments", 1));
        start();
        metadata.track("orders");
        loop.runReady();
        metadata.requestUpdate(); // waits for its pause
        metadata.track("payments");
        metadata.track("orders");
        loop.runReady();
        assertThat(asked).containsExactly(List.of("orders"), List.of("payments"));
        assertThat(metadata.snapshot().leader("orders", 0)).isEqualTo(1);
        assertThat(metadata.snapshot().leader("payments", 0)).isEqualTo(1);

        loop.advance(Duration.ofMillis(100));
        assertThat(asked).hasSize(3);
        assertThat(asked.get(2)).containsExactly("orders", "payments");
    }

    @Test
    @Tag("row-34")
    void fetchesANewTopicAtOnceWhileARefreshWaitsForItsTurn() {
        start();
        metadata.track("missing"); // asks again and again, with growing pauses
        loop.advance(Duration.ofSeconds(10));
        asked.clear();
        topics.put("orders", answer -> answer.topic("orders", 1));
        metadata.track("orders");
        loop.runReady();
        assertThat(asked).containsExactly(List.of("orders"));
        assertThat(metadata.snapshot().topic("orders")).isNotNull();
    }

    @Test
    void asksForTopicsTrackedBeforeTheStart() {
        topics.put("orders", answer -> answer.topic("orders", 1));
        metadata.track("orders");
        metadata.start();
        loop.runReady();
        assertThat(asked).containsExactly(List.of("orders"));
        assertThat(metadata.snapshot().leader("orders", 0)).isEqualTo(1);
    }

    /** 17. */
    @Test
    @Tag("row-17")
    void asksAgainUntilATopicExists() {
        start();
        metadata.track("orders");
        loop.advance(SECOND);
        TopicProblem problem = requireNonNull(metadata.problemOf("orders"));
        assertThat(problem.describe()).startsWith("topic 'orders' does not exist (UNKNOWN_TOPIC_OR_PARTITION, ");
        assertThat(problem.attempts()).isEqualTo(asked.size()).isGreaterThan(2);
        assertThat(problem.isFinal()).isFalse();

        topics.put("orders", answer -> answer.topic("orders", 1));
        loop.advance(SECOND);
        assertThat(metadata.problemOf("orders")).isNull();
        assertThat(metadata.snapshot().leader("orders", 0)).isEqualTo(1);
        int requests = asked.size();
        loop.advance(Duration.ofSeconds(30));
        assertThat(asked).as("then there is peace").hasSize(requests);
    }

    @Test
    void showsRefusedTopicsAtOnceAndDoesNotInsist() {
        topics.put("bad/name", answer -> answer.refusedTopic("bad/name", ErrorCode.INVALID_TOPIC_EXCEPTION));
        topics.put("secret", answer -> answer.refusedTopic("secret", ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        start();
        metadata.track("bad/name");
        metadata.track("secret");
        loop.runReady();
        assertThat(events).containsExactly("update");
        assertThat(metadata.problemOf("bad/name")).isNotNull().matches(TopicProblem::isFinal);
        TopicSnapshot secret = requireNonNull(metadata.snapshot().topic("secret"));
        assertThat(secret.error()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        loop.advance(Duration.ofSeconds(30));
        assertThat(asked).hasSize(1);

        topics.put("secret", answer -> answer.topic("secret", 1));
        metadata.track("secret"); // the next record finds out
        loop.advance(SECOND);
        assertThat(metadata.snapshot().leader("secret", 0)).isEqualTo(1);
    }

    @Test
    void forgetsTopicsNobodyUses() {
        topics.put("orders", answer -> answer.topic("orders", 1));
        topics.put("rare", answer -> answer.topic("rare", 1));
        start();
        metadata.track("orders");
        metadata.track("rare");
        for (int minute = 0; minute < 11; minute++) {
            loop.advance(Duration.ofMinutes(1));
            metadata.track("orders");
        }
        assertThat(metadata.snapshot().topics()).containsOnlyKeys("orders");
        assertThat(asked.get(asked.size() - 1)).containsExactly("orders");
    }

    /** 22. */
    @Test
    @Tag("row-22")
    void slowsDownWhileAnswersBringNoNews() {
        start();
        List<Long> timesMillis = new ArrayList<>();
        node.on(ApiKey.METADATA, request -> {
            timesMillis.add(loop.elapsed().toMillis());
            request.answer(describe(request));
        });
        for (int i = 0; i < 8000; i++) {
            metadata.requestUpdate();
            loop.advance(Duration.ofMillis(1));
        }
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < timesMillis.size(); i++) {
            pauses.add(timesMillis.get(i) - timesMillis.get(i - 1));
        }
        assertThat(pauses).startsWith(100L, 200L, 400L, 800L, 1000L, 1000L);
    }

    @Test
    void turnsManyRequestsIntoOne() {
        start();
        for (int i = 0; i < 10; i++) {
            metadata.requestUpdate();
        }
        loop.runReady();
        assertThat(asked).hasSize(1);
    }

    @Test
    void asksAgainForWhatWasRequestedDuringARefresh() {
        start();
        List<SimulatedRequest> held = new ArrayList<>();
        node.on(ApiKey.METADATA, held::add);
        metadata.requestUpdate();
        loop.runReady();
        metadata.requestUpdate();
        loop.runReady();
        assertThat(held).as("one at a time").hasSize(1);
        held.get(0).answer(describe(held.get(0)));
        loop.advance(SECOND);
        assertThat(held).hasSize(2);
    }

    @Test
    void refreshesWhatHasBecomeOld() {
        start();
        loop.advance(Duration.ofSeconds(298));
        assertThat(asked).isEmpty();
        loop.advance(Duration.ofSeconds(2));
        assertThat(asked).hasSize(1);
    }

    @Test
    void pausesAfterFailedAttempts() {
        start();
        List<Long> timesMillis = new ArrayList<>();
        node.on(ApiKey.METADATA, request -> {
            timesMillis.add(loop.elapsed().toMillis());
            request.closeConnection();
        });
        bootstrap.goDown();
        metadata.requestUpdate();
        loop.advance(Duration.ofSeconds(10));
        assertThat(timesMillis.size()).isBetween(8, 14);
    }

    /** KAFKA-8275. */
    @Test
    void asksAnotherNodeWhileOneIsThrottled() {
        SimulatedBroker second = network.broker("b2", 9092);
        MetadataAnswer both = new MetadataAnswer().node(1, node).node(2, second);
        List<Integer> asked = new ArrayList<>();
        bootstrap.on(ApiKey.METADATA, request -> request.answer(both.build()));
        node.on(ApiKey.METADATA, request -> {
            asked.add(1);
            request.answer(both.throttled(60_000).build());
        });
        second.on(ApiKey.METADATA, request -> {
            asked.add(2);
            request.answer(both.throttled(0).build());
        });
        metadata.start();
        loop.advance(SECOND);
        for (int i = 0; i < 3; i++) {
            metadata.requestUpdate();
            loop.advance(SECOND.multipliedBy(3));
        }
        assertThat(asked).containsExactly(1, 2, 2);
        assertThat(events).as("the throttled one is not even tried").doesNotContain("failure");
    }

    @Test
    void saysThatABrokerIsTooOld() {
        bootstrap.speaks(ApiKey.METADATA, 0, 5);
        metadata.start();
        loop.advance(SECOND);
        MetadataProblem problem = requireNonNull(metadata.lastProblem());
        assertThat(problem.nodes().get(0).text()).contains("no common version: api=METADATA");
    }

    @Test
    void pausesBetweenQuestionsToABrokerThatIsTooOldAlsoIfATopicIsNew() {
        bootstrap.speaks(ApiKey.METADATA, 0, 1);
        metadata.track("orders");
        metadata.start();
        loop.advance(SECOND.multipliedBy(10));
        MetadataProblem problem = requireNonNull(metadata.lastProblem());
        assertThat(problem.attempts()).isBetween(5, 20);
        assertThat(problem.nodes().get(0).text()).contains("boot:9092 is too old", "offered=0-1");
    }

    @Test
    void sendsOtherRequestsToSomeNodeOnceOneIsReady() {
        List<String> outcome = new ArrayList<>();
        bootstrap.on(ApiKey.INIT_PRODUCER_ID, request -> {
            outcome.add("asked");
            request.closeConnection();
        });
        bootstrap.goDown();
        metadata.sendToAnyNode(anIdentity(), outcomeTo(outcome));
        metadata.start();
        loop.advance(SECOND);
        assertThat(outcome).isEmpty();
        bootstrap.comeUp();
        loop.advance(Duration.ofSeconds(2));
        assertThat(outcome).containsExactly("asked", "DISCONNECTED");
    }

    @Test
    void failsWaitingRequestsWhenClosed() {
        List<String> outcome = new ArrayList<>();
        bootstrap.goDown();
        metadata.start();
        metadata.sendToAnyNode(anIdentity(), outcomeTo(outcome));
        loop.advance(SECOND);
        metadata.close();
        loop.advance(Duration.ofMinutes(10));
        assertThat(outcome).containsExactly("NOT_SENT");
        assertThat(loop.pendingTasks()).isZero();
    }

    private static InitProducerIdRequest anIdentity() {
        return new InitProducerIdRequest(null, 60_000, -1, (short) -1);
    }

    private static <R> ResponseHandler<R> outcomeTo(List<String> outcome) {
        return new ResponseHandler<>() {
            @Override
            public void onResponse(R response) {
                outcome.add("response");
            }

            @Override
            public void onFailure(RequestFailure failure) {
                outcome.add(failure.kind().name());
            }
        };
    }
}
