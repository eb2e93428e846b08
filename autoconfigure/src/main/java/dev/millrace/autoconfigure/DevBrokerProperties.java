package dev.millrace.autoconfigure;

/** The broker that is started for development, under {@code app.producer.dev-broker}. */
public class DevBrokerProperties {

    /** Number of nodes of the broker that is started when no bootstrap servers are set. */
    private int nodes = 1;

    public int getNodes() {
        return nodes;
    }

    public void setNodes(int nodes) {
        this.nodes = nodes;
    }
}
