package dev.millrace.producer.internal.network;

import org.jspecify.annotations.Nullable;

/** Keeps what became of a request, and refuses to hear of it twice. */
final class RecordingHandler<R> implements ResponseHandler<R>, OneWayHandler {

    private @Nullable R response;
    private @Nullable RequestFailure failure;
    private boolean written;

    @Override
    public void onResponse(R arrived) {
        refuseSecond();
        response = arrived;
    }

    @Override
    public void onWritten() {
        refuseSecond();
        written = true;
    }

    @Override
    public void onFailure(RequestFailure reported) {
        refuseSecond();
        failure = reported;
    }

    private void refuseSecond() {
        if (isOver()) {
            throw new AssertionError("told twice: " + this);
        }
    }

    boolean isOver() {
        return response != null || failure != null || written;
    }

    boolean isWritten() {
        return written;
    }

    R response() {
        R arrived = response;
        if (arrived == null) {
            throw new AssertionError("no response: " + this);
        }
        return arrived;
    }

    RequestFailure failure() {
        RequestFailure reported = failure;
        if (reported == null) {
            throw new AssertionError("no failure: " + this);
        }
        return reported;
    }

    @Override
    public String toString() {
        return "response=" + response + " failure=" + failure + " written=" + written;
    }
}
