package dev.millrace.producer.architecture.planted.internal.record;

import org.slf4j.Logger;

/** Logs where bytes are written. */
public interface TalkativeCodec {
    /** The violation. */
    Logger planted();
}
