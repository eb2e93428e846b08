package dev.millrace.producer.errors;

/**
 * What every failure knows about itself besides its message.
 *
 * @param errorCode the broker's last word, or {@link ErrorCode#NONE} if no broker had one
 * @param stage where on its way the record failed
 * @param recovery what the caller can do
 * @param mayHaveBeenWritten whether the record may be in the log although its future failed
 */
public record FailureDetails(ErrorCode errorCode, Stage stage, Recovery recovery, boolean mayHaveBeenWritten) {

    /** A failure before anything was written and without any broker's word. */
    public static FailureDetails local(Stage stage, Recovery recovery) {
        return new FailureDetails(ErrorCode.NONE, stage, recovery, false);
    }
}
