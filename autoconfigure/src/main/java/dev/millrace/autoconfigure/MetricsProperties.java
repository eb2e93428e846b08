package dev.millrace.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

/** Meters of the producers, under {@code app.producer.metrics}. */
public class MetricsProperties {

    /** Whether there are meters for the producers, if there is a meter registry. */
    private boolean enabled = true;

    /** Further tags that every meter of the producers has. */
    private Map<String, String> tags = new LinkedHashMap<>();

    /** Whether there are meters for each topic. */
    private boolean perTopic;

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public Map<String, String> getTags() {
        return tags;
    }

    public void setTags(Map<String, String> tags) {
        this.tags = tags;
    }

    public boolean isPerTopic() {
        return perTopic;
    }

    public void setPerTopic(boolean perTopic) {
        this.perTopic = perTopic;
    }
}
