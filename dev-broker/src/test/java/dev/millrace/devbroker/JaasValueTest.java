package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference client reads what is written. */
class JaasValueTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "",
                " ",
                "\"",
                "\\",
                "\\\"",
                "a\"b;c=d\\e'f",
                "required;",
                "//no comment",
                "/* none */",
                "tab\tend\nreturn\r.",
                "\\n",
                "\\101",
                "ü€𝄞",
                "\u0000\u0007",
                "user_x=\"y\";"
            })
    void everyPasswordComesBack(String password) {
        assertThat(options(DevMechanism.PLAIN.jaas().option("username", "alice").option("password", password)))
                .isEqualTo(Map.of("username", "alice", "password", password));
    }

    @Test
    void usersMayHaveAnyName() {
        assertThat(options(DevMechanism.PLAIN.jaas().users(Map.of("o'br;en =\"", "x"))))
                .isEqualTo(Map.of("user_o'br;en =\"", "x"));
    }

    @Test
    void aModuleNeedsNoOptions() {
        assertThat(DevMechanism.SCRAM_SHA_512.jaas())
                .hasToString("org.apache.kafka.common.security.scram.ScramLoginModule required;");
    }

    private static Map<String, ?> options(JaasValue value) {
        return JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(value.toString())))
                .configurationEntries()
                .get(0)
                .getOptions();
    }
}
