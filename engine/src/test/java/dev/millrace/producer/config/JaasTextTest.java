package dev.millrace.producer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JaasTextTest {

    private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";
    private static final String SIGNS = "abcXYZ019 ;=\\\"'{}\t,:/*#$%&@!?-_.+~`|<>äß€\u0001";

    private static final List<String> GAPS =
            List.of("", "", "", " ", "\n\t ", "// a comment; \"x=\n", "/* one;\n\"two\" = */", "/**/");

    @Test
    void readsModuleFlagAndOptions() {
        JaasText jaas = JaasText.parse(
                "  " + MODULE + "\n required username=\"me\"\n  password='se\"c;r=et' tokenauth=true ;\n");

        assertThat(jaas.module()).isEqualTo(MODULE);
        assertThat(jaas.flag()).isEqualTo("required");
        assertThat(jaas.options())
                .containsExactly(
                        Map.entry("username", "me"),
                        Map.entry("password", "se\"c;r=et"),
                        Map.entry("tokenauth", "true"));
    }

    @Test
    void readsNamesInQuotesAndLeavesCommentsOut() {
        JaasText jaas = JaasText.parse("// moved from the old host\n\"" + MODULE
                + "\" /* one; of=two */ 'required' \"user\\156ame\"=me// hunter2\n"
                + " 'password' = \"a//b /*c*/\"; // end");

        assertThat(jaas.module()).isEqualTo(MODULE);
        assertThat(jaas.flag()).isEqualTo("required");
        assertThat(jaas.options()).containsExactly(Map.entry("username", "me"), Map.entry("password", "a//b /*c*/"));
    }

    @Test
    void showsNoValue() {
        assertThat(JaasText.parse(MODULE + " required password=\"hunter2\";"))
                .hasToString("JaasText[module=" + MODULE + ", flag=required, options=[password]]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "hunter2",
                "a.Module required",
                "a.Module required password=\"hunter2\"",
                "a.Module required password=\"hunter2;",
                "a.Module required password=\"hunter2\\",
                "a.Module required password \"hunter2\";",
                "a.Module required =\"hunter2\";",
                "a.Module required \"password\" \"hunter2\";",
                "a.Module required \"password=hunter2;",
                "a.Module required password=\"hunter2\" /* hunter2;",
                "a.Module required password=\"hunter2\" // hunter2;",
                "a.Module required password=/* hunter2 */;",
                "a.Module required password=hunter2!;",
                "a.Module required password=hunter2=;",
                "a.Module required password=hunter2/2;",
                "a.Module required password=;",
                "a.Module required password=\"hunter2\" password=\"hunter2\";",
                "a.Module required password=\"hunter2\"; b.Module required;"
            })
    void saysWhatIsWrongWithoutAWordOfTheText(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JaasText.parse(text))
                .withMessageMatching("has .*\\(character \\d+\\)")
                .matches(e -> !String.valueOf(e.getMessage()).contains("hunter2"), "without the secret");
    }

    /** Whatever the values are: quoted, they come back, and the reference reads the same. */
    @Test
    void readsBackWhatWasQuotedAndAsTheReferenceDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            Map<String, String> options = new LinkedHashMap<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                options.put(random.nextBoolean() ? "option" + n : n + randomValue(random), randomValue(random));
            }
            StringBuilder text = new StringBuilder(gap(random)).append(name(MODULE, random));
            text.append(' ').append(name("required", random));
            options.forEach((name, value) -> text.append(' ')
                    .append(gap(random))
                    .append(name(name, random))
                    .append(gap(random))
                    .append('=')
                    .append(gap(random))
                    .append(quoted(value, random.nextBoolean())));
            text.append(gap(random)).append(';').append(gap(random));

            assertThat(JaasText.parse(text.toString()).options())
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(options)
                    .isEqualTo(reference(text.toString()));
        }
    }

    /** Escapes of every kind, as they stand: what the reference makes of them. */
    @Test
    void readsEscapesAsTheReferenceDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String escaped = "abfnrtv01234567\\\"'x9";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder value = new StringBuilder();
            for (int n = random.nextInt(6); n >= 0; n--) {
                value.append('\\').append(escaped.charAt(random.nextInt(escaped.length())));
                value.append(random.nextInt(10));
            }
            String text = MODULE + " required password=\"" + value + "\";";

            assertThat(JaasText.parse(text).options())
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(reference(text));
        }
    }

    /** As it stands, or in quotes. */
    private static String name(String name, Random random) {
        boolean needsQuotes = !name.matches("[a-zA-Z][a-zA-Z0-9.]*");
        return needsQuotes || random.nextInt(3) == 0 ? quoted(name, random.nextBoolean()) : name;
    }

    private static String gap(Random random) {
        return GAPS.get(random.nextInt(GAPS.size()));
    }

    private static String randomValue(Random random) {
        StringBuilder value = new StringBuilder("v");
        for (int n = random.nextInt(20); n > 0; n--) {
            value.append(SIGNS.charAt(random.nextInt(SIGNS.length())));
        }
        return value.toString();
    }

    private static String quoted(String value, boolean isSingle) {
        String quote = isSingle ? "'" : "\"";
        return quote + value.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote;
    }

    private static Map<String, ?> reference(String text) {
        JaasContext context = JaasContext.loadClientContext(Map.of("sasl.jaas.config", new Password(text)));
        AppConfigurationEntry entry = context.configurationEntries().get(0);
        return entry.getOptions();
    }
}
