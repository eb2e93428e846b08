package dev.millrace.producer.observe;

import dev.millrace.producer.errors.ErrorCode;

/**
 * The cluster gave the producer an id, or refused to (KIP-98).
 *
 * @param producerId the id, -1 if it was refused
 * @param error why it was refused, {@link ErrorCode#NONE} if it was not
 */
public record IdentityChange(long producerId, ErrorCode error) {}
