package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.protocol.message.CoordinatorType;

/**
 * What a coordinator takes care of.
 *
 * @param type what the name is
 * @param name a transactional id or a group
 */
record CoordinatorKey(CoordinatorType type, String name) {

    @Override
    public String toString() {
        return type == CoordinatorType.GROUP ? "group " + name : "transactional id " + name;
    }
}
