package dev.millrace.testkit.recording;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.Permission;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.SerializationException;
import dev.millrace.producer.errors.Stage;

/** The exceptions the engine fails records with, without its numbers. Pure. */
final class Failures {

    private static final String SCRIPTED = " as the test wants it";

    private Failures() {}

    /** What is left of a broker's error in the end: of one that is retried, the limit of time. */
    static ProducerException of(ErrorCode error, ProducerRecord<?, ?> record) {
        String who = "topic=" + record.topic() + " error=" + error + SCRIPTED;
        if (error.isRetriable()) {
            return new DeliveryTimeoutException(
                    "record not delivered in time: " + who,
                    new FailureDetails(error, Stage.IN_FLIGHT, Recovery.RETRY, false),
                    null);
        }
        if (error == ErrorCode.TOPIC_AUTHORIZATION_FAILED) {
            return new AuthorizationException(
                    "not allowed: " + who,
                    new FailureDetails(error, Stage.IN_FLIGHT, Recovery.CHANGE_CLUSTER, false),
                    Permission.toWrite(record.topic()),
                    null);
        }
        return new RecordRejectedException(
                "record rejected: " + who,
                new FailureDetails(error, Stage.IN_FLIGHT, Recovery.CHANGE_RECORD, false),
                null);
    }

    static ProducerException ofCommit(ErrorCode error) {
        return new ProducerException(
                "transaction not committed: error=" + error + SCRIPTED,
                new FailureDetails(error, Stage.IN_FLIGHT, Recovery.RETRY, false),
                null);
    }

    static ProducerException noSuchPartition(String topic, int partition, int partitions) {
        return new DeliveryTimeoutException(
                "no such partition: topic=" + topic + " partition=" + partition + " partitions=" + partitions,
                new FailureDetails(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, Stage.METADATA, Recovery.RETRY, false),
                null);
    }

    static ProducerException serialization(String topic, String part, Object object, Throwable cause) {
        return new SerializationException(
                "record cannot be serialized: topic=" + topic + " " + part + " of type "
                        + object.getClass().getName() + " cause=" + cause,
                FailureDetails.local(Stage.PREPARE, Recovery.CHANGE_RECORD),
                cause);
    }

    static ProducerException noSpace(String topic) {
        return new BufferExhaustedException(
                "no buffer space for the record: topic=" + topic + SCRIPTED,
                FailureDetails.local(Stage.BUFFER, Recovery.RETRY),
                null);
    }

    static ProducerException closed(String topic) {
        return new ProducerClosedException(
                "producer closed before the record was delivered: topic=" + topic,
                FailureDetails.local(Stage.QUEUE, Recovery.RETRY),
                null);
    }

    static ProducerException interrupted(InterruptedException interrupt) {
        return new ProducerException(
                "interrupted while records are flushed", FailureDetails.local(Stage.QUEUE, Recovery.RETRY), interrupt);
    }

    static ProducerException aborted(String topic) {
        return new ProducerException(
                "transaction ended without the record: topic=" + topic,
                FailureDetails.local(Stage.QUEUE, Recovery.RETRY),
                null);
    }

    static ProducerException damaged(ProducerException first) {
        return new ProducerException(
                "transaction can only be aborted: " + first.getMessage(),
                FailureDetails.local(Stage.PREPARE, Recovery.RETRY),
                first);
    }
}
