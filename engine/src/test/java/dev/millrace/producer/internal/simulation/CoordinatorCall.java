package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.WireWriter;

/** A request about transactions or to a coordinator that arrived at a node, and what the node may do with it. */
public final class CoordinatorCall {

    private final SimulatedCoordinators coordinators;
    private final int nodeId;
    private final SimulatedRequest request;
    private final Object body;

    CoordinatorCall(SimulatedCoordinators coordinators, int nodeId, SimulatedRequest request, Object body) {
        this.coordinators = coordinators;
        this.nodeId = nodeId;
        this.request = request;
        this.body = body;
    }

    /** The body of a response. */
    @FunctionalInterface
    public interface Answer {

        /** Writes it in a version. */
        void write(WireWriter out, short version);
    }

    /** Which API is called. */
    public ApiKey apiKey() {
        return request.apiKey();
    }

    /** The node it arrived at. */
    public int nodeId() {
        return nodeId;
    }

    /** The request, for delays and connections that end. */
    public SimulatedRequest request() {
        return request;
    }

    /** What it says. */
    public <T> T body(Class<T> type) {
        return type.cast(body);
    }

    Object body() {
        return body;
    }

    /** Does what is asked for, if it can be done now, and says what to answer. */
    public Answer carryOut() {
        return coordinators.carryOut(this);
    }

    /** The normal thing to do. */
    public void carryOutAndAnswer() {
        answer(carryOut());
    }

    /** Does nothing and answers with this error, for each partition if there are any. */
    public void refuse(ErrorCode error) {
        answer(coordinators.refusal(this, error));
    }

    /** Answers. */
    public void answer(Answer answer) {
        request.answerWith(out -> answer.write(out, request.version()));
    }

    @Override
    public String toString() {
        return "node " + nodeId + " at " + request.arrivedAt() + ": " + body;
    }
}
