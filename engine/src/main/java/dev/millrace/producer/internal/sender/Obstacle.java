package dev.millrace.producer.internal.sender;

import dev.millrace.producer.errors.ErrorCode;

/**
 * Why a partition's oldest batch has not been sent. Pure.
 *
 * @param what the obstacle, in a message behind {@code obstacle=}
 * @param error the broker's last word about it, or {@link ErrorCode#NONE}
 * @param remedy what would help, as the end of a message
 */
record Obstacle(String what, ErrorCode error, String remedy) {

    static final String REACH_THE_NODE = "check that the node runs, is reachable and keeps up";

    static Obstacle of(String what, String remedy) {
        return new Obstacle(what, ErrorCode.NONE, remedy);
    }
}
