package dev.millrace.spring;

/**
 * Names the transactional producers of a pool. An id must be the same whenever the same slot is filled again, and belong to
 * one slot of one running instance only: of two producers with one id the older is fenced.
 */
@FunctionalInterface
public interface TransactionIdStrategy {

    /** The prefix, then the instance and a dash if there is one, then the slot: {@code orders-pod1-0}. */
    TransactionIdStrategy PREFIX_INSTANCE_SLOT =
            (idPrefix, instanceId, slot) -> idPrefix + (instanceId.isEmpty() ? "" : instanceId + "-") + slot;

    /**
     * The id of the producer in a slot.
     *
     * @param idPrefix has text
     * @param instanceId empty if the instance has no name
     * @param slot from 0; the lowest that is free is filled first
     */
    String transactionalId(String idPrefix, String instanceId, int slot);
}
