package dev.millrace.spring;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.UndeliveredRecord;
import java.time.Duration;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/** Puts what a closed producer left behind into one log line: coordinates, never contents. */
final class CloseReportLog {

    private static final int MAX_COORDINATES = 3;

    private final Logger logger;

    CloseReportLog(Logger logger) {
        this.logger = logger;
    }

    void write(String producerName, CloseReport report, Duration closeTimeout) {
        if (report.isComplete()) {
            logger.info(
                    "[producer={}] closed: submitted={} delivered={} failed={}",
                    producerName,
                    report.submitted(),
                    report.delivered(),
                    report.failed());
        } else {
            logger.warn(
                    "[producer={}] closed with undelivered records: undelivered={} ({}) submitted={} delivered={}"
                            + " failed={} close-timeout={} ms; raise app.producer.close-timeout if the brokers were"
                            + " only slow",
                    producerName,
                    report.undelivered().size(),
                    coordinates(report),
                    report.submitted(),
                    report.delivered(),
                    report.failed(),
                    closeTimeout.toMillis());
        }
    }

    private static String coordinates(CloseReport report) {
        String first = report.undelivered().stream()
                .limit(MAX_COORDINATES)
                .map(CloseReportLog::coordinates)
                .collect(Collectors.joining(", "));
        return report.undelivered().size() > MAX_COORDINATES ? first + ", …" : first;
    }

    private static String coordinates(UndeliveredRecord record) {
        String partition =
                record.partition() == RecordMetadata.UNKNOWN_PARTITION ? "?" : String.valueOf(record.partition());
        return record.topic() + "-" + partition + " timestamp=" + record.timestamp();
    }
}
