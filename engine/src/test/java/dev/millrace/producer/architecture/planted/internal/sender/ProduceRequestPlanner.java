package dev.millrace.producer.architecture.planted.internal.sender;

import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.time.Ticker;
import java.util.concurrent.locks.Lock;
import org.slf4j.Logger;

/** A decision that is not pure. */
public interface ProduceRequestPlanner {
    /** A clock. */
    Ticker clock();

    /** A lock. */
    Lock lock();

    /** A log. */
    Logger log();

    /** A connection. */
    BrokerConnection connection();
}
