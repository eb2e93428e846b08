package dev.millrace.producer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.metadata.TrackedTopics.Use;
import org.junit.jupiter.api.Test;

class TrackedTopicsTest {

    private final TrackedTopics topics = new TrackedTopics(100);

    @Test
    void tellsNewTopicsOnce() {
        assertThat(topics.use("orders")).isEqualTo(Use.ADDED);
        assertThat(topics.use("orders")).isEqualTo(Use.KNOWN);
        assertThat(topics.takeNew()).containsExactly("orders");
        assertThat(topics.takeNew()).isEmpty();
        assertThat(topics.names()).containsExactly("orders");
    }

    @Test
    void givesUpATopicNobodyUsed() {
        topics.use("orders");
        assertThat(topics.expire(0)).isEmpty();
        assertThat(topics.expire(99)).isEmpty();
        topics.use("orders");
        assertThat(topics.expire(100)).isEmpty();
        assertThat(topics.expire(199)).isEmpty();
        assertThat(topics.expire(200)).containsExactly("orders");
        assertThat(topics.names()).isEmpty();
        assertThat(topics.use("orders")).isEqualTo(Use.ADDED);
    }

    @Test
    void countsErrorsInARow() {
        topics.use("orders");
        assertThat(topics.problemOf("orders")).isNull();
        topics.note("orders", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 7);
        topics.note("orders", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 9);
        TopicProblem problem = topics.problemOf("orders");
        assertThat(problem).isEqualTo(new TopicProblem("orders", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 2, 7));
        topics.note("orders", ErrorCode.NONE, 10);
        assertThat(topics.problemOf("orders")).isNull();
    }

    @Test
    void asksAgainForATopicThatWasNotPermitted() {
        topics.use("orders");
        topics.note("orders", ErrorCode.TOPIC_AUTHORIZATION_FAILED, 0);
        assertThat(topics.use("orders")).isEqualTo(Use.REFUSED);
        topics.note("orders", ErrorCode.INVALID_TOPIC_EXCEPTION, 0);
        assertThat(topics.use("orders")).isEqualTo(Use.KNOWN);
    }

    @Test
    void describesAProblemInWords() {
        assertThat(new TopicProblem("x", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 12, 0).describe())
                .isEqualTo("topic 'x' does not exist (UNKNOWN_TOPIC_OR_PARTITION, 12 attempts)");
        assertThat(new TopicProblem("x", ErrorCode.KAFKA_STORAGE_ERROR, 1, 0).describe())
                .isEqualTo("topic 'x' cannot be used: kafka storage error (KAFKA_STORAGE_ERROR, 1 attempt)");
    }
}
