package dev.millrace.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys and values written as JSON, under {@code app.producer.json}. */
public class JsonProperties {

    /** Whether a header tells the type of each key and value written as JSON. */
    private @Nullable Boolean typeHeaders;

    /** Names the header has for classes, as name=class. Names of classes are told if none is set. */
    private Map<String, Class<?>> typeNames = new LinkedHashMap<>();

    public @Nullable Boolean getTypeHeaders() {
        return typeHeaders;
    }

    public void setTypeHeaders(@Nullable Boolean typeHeaders) {
        this.typeHeaders = typeHeaders;
    }

    public Map<String, Class<?>> getTypeNames() {
        return typeNames;
    }

    public void setTypeNames(Map<String, Class<?>> typeNames) {
        this.typeNames = typeNames;
    }
}
