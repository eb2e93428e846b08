package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Recovery;
import org.jspecify.annotations.Nullable;

/** Why an authentication came to nothing, in words that go into a message; without secrets. */
public final class SaslProblem extends Exception {

    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final ErrorCode error;
    private final String remedy;
    private final @Nullable String brokerMessage;

    private SaslProblem(
            Kind kind,
            String what,
            ErrorCode error,
            String remedy,
            @Nullable String brokerMessage,
            @Nullable Throwable cause) {
        super(what, cause);
        this.kind = kind;
        this.error = error;
        this.remedy = remedy;
        this.brokerMessage = brokerMessage;
    }

    /** Whose fault it is. */
    public enum Kind {
        /** The client has nothing to authenticate with: a supplier failed. The broker has not been asked. */
        NO_CREDENTIALS,
        /** The broker does not take the credentials or the mechanism. */
        REFUSED,
        /** What the broker sent is not what the protocol or the mechanism asks for, or it does not know the password itself. */
        UNTRUSTWORTHY
    }

    /** There is nothing to authenticate with. */
    static SaslProblem noCredentials(String what, String remedy, @Nullable Throwable cause) {
        return new SaslProblem(Kind.NO_CREDENTIALS, what, ErrorCode.NONE, remedy, null, cause);
    }

    /** The broker refuses. */
    static SaslProblem refused(String what, ErrorCode error, String remedy, @Nullable String brokerMessage) {
        return new SaslProblem(Kind.REFUSED, what, error, remedy, brokerMessage, null);
    }

    /** The broker does not speak the requests that carry SASL. */
    public static SaslProblem withoutSasl(String detail) {
        return refused(
                "the broker does not authenticate with SASL: " + detail,
                ErrorCode.UNSUPPORTED_VERSION,
                "check the port and the protocol of the listener",
                null);
    }

    /** The broker does not keep to the rules. */
    static SaslProblem untrustworthy(String what) {
        return untrustworthy(what, null);
    }

    /** The broker does not keep to the rules. */
    static SaslProblem untrustworthy(String what, @Nullable Throwable cause) {
        return new SaslProblem(
                Kind.UNTRUSTWORTHY,
                what,
                ErrorCode.NONE,
                "check that a broker of this cluster listens here and no other server",
                null,
                cause);
    }

    /** Whose fault it is. */
    public Kind kind() {
        return kind;
    }

    /** The broker's word, NONE if it had none. */
    public ErrorCode error() {
        return error;
    }

    /** What would help, as the end of a message. */
    public String remedy() {
        return remedy;
    }

    /** What the broker said, null if it said nothing. */
    public @Nullable String brokerMessage() {
        return brokerMessage;
    }

    /** What the user can do. */
    public Recovery recovery() {
        return kind == Kind.NO_CREDENTIALS ? Recovery.RETRY : Recovery.CHANGE_CONFIGURATION;
    }
}
