package dev.millrace.producer.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What native images are told of the engine. Everything else of it they find by themselves: it uses no reflection. */
class NativeMetadataTest {

    private static final String METADATA =
            "/META-INF/native-image/dev.millrace/millrace-engine/reachability-metadata.json";

    @Test
    void namesEveryHandler() throws IOException {
        String metadata;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(METADATA))) {
            metadata = new String(in.readAllBytes(), UTF_8);
        }
        assertThat(Pattern.compile("\"type\": \"(.+?)\"")
                        .matcher(metadata)
                        .results()
                        .map((MatchResult type) -> type.group(1)))
                .as("handlers that %s names, and those there are", METADATA)
                .containsExactlyInAnyOrderElementsOf(EngineClasses.REAL.stream()
                        .filter(type -> type.isAssignableTo(ChannelHandler.class))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getName)
                        .toList());
    }
}
