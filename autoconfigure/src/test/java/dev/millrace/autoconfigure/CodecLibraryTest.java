package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.Compression;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodecLibraryTest {

    @ParameterizedTest
    @EnumSource
    void isBroughtByTheStarter(CodecLibrary library) throws Exception {
        String[] artifact = library.artifact().split(":", -1);

        assertThat(Files.readString(Path.of("../starter/pom.xml")))
                .containsPattern("<groupId>" + artifact[0] + "</groupId>\\s*<artifactId>" + artifact[1]
                        + "</artifactId>\\s*<scope>runtime</scope>");
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void isMissedByWhatNeedsOneOnly(Compression compression) {
        ClassLoader nothing = new ClassLoader(null) {};

        assertThat(CodecLibrary.missing(compression, nothing).isPresent())
                .isEqualTo(compression != Compression.NONE && compression != Compression.GZIP);
        assertThat(CodecLibrary.missing(compression, getClass().getClassLoader()))
                .isEmpty();
    }
}
