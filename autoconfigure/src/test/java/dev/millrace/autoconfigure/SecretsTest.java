package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.spring.DefaultProducerFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Nobody gets to see what producers keep secret. */
class SecretsTest {

    private static final List<String> SECRETS =
            List.of("hidden-password", "hidden-client-secret", "hidden-extension", "hidden-jaas");

    private static final String[] SETTINGS = {
        "app.producer.security.protocol=SASL_SSL",
        "app.producer.sasl.mechanism=OAUTHBEARER",
        "app.producer.sasl.username=alice",
        "app.producer.sasl.password=hidden-password",
        "app.producer.sasl.oauth.token-uri=https://auth.example/token",
        "app.producer.sasl.oauth.client-id=shop",
        "app.producer.sasl.oauth.client-secret=hidden-client-secret",
        "app.producer.sasl.oauth.extensions.pool=hidden-extension",
        "app.producer.instance.orders.sasl.mechanism=SCRAM-SHA-256",
        "app.producer.instance.orders.sasl.password=hidden-password"
    };

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ProducerAutoConfiguration.class,
                    NamedProducerAutoConfiguration.class,
                    ProducerSanitizingAutoConfiguration.class));

    @Test
    void areNotInEndpointsThatShowValues() {
        runner.withPropertyValues(SETTINGS)
                .withPropertyValues("app.producer.linger=7ms")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "systemEnvironment", Map.of("APP_PRODUCER_SASL_PASSWORD", "hidden-password"))))
                .run(context -> {
                    List<SanitizingFunction> functions = new ArrayList<>(
                            context.getBeansOfType(SanitizingFunction.class).values());
                    assertThat(functions).hasSize(1);
                    ConfigurationPropertiesReportEndpoint configprops =
                            new ConfigurationPropertiesReportEndpoint(functions, Show.ALWAYS);
                    configprops.setApplicationContext(context);
                    String beans = configprops.configurationProperties().getContexts().values().stream()
                            .flatMap(each -> each.getBeans().values().stream())
                            .map(bean -> bean.getProperties() + " " + bean.getInputs())
                            .toList()
                            .toString();
                    assertThat(beans).contains("alice", "linger").doesNotContain(SECRETS);
                    EnvironmentEndpoint env = new EnvironmentEndpoint(context.getEnvironment(), functions, Show.ALWAYS);
                    String sources = env.environment("app.*producer.*").getPropertySources().stream()
                            .map(source -> source.getProperties().entrySet().stream()
                                    .map(entry -> entry.getKey() + "="
                                            + entry.getValue().getValue())
                                    .toList()
                                    .toString())
                            .toList()
                            .toString();
                    assertThat(sources).contains("alice").doesNotContain(SECRETS);
                });
    }

    @Test
    void areNotInTextsOfObjects() {
        runner.withPropertyValues(SETTINGS).run(context -> {
            for (String name : List.of("producerFactory", "ordersProducerFactory")) {
                DefaultProducerFactory<?, ?> factory = context.getBean(name, DefaultProducerFactory.class);
                String all = factory + " " + factory.getConfig().describe() + " "
                        + factory.getConfig().security() + " "
                        + factory.getConfig().security().sasl() + " "
                        + context.getBean(ProducerProperties.class).getSasl() + " "
                        + context.getBean(ProducerProperties.class).getSasl().getOauth();
                assertThat(all).doesNotContain(SECRETS);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "app.producer.sasl.oauth.client-authentication=wrong",
        "app.producer.linger=-1",
        "app.producer.instance.orders.sasl.mechanism=wrong",
        "app.producer.properties.sasl.jaas.config=hidden-jaas",
        "app.producer.sasl.oauth.extensions.a1=hidden-extension",
        "app.producer.close-timeout=wrong"
    })
    void areNotInFailures(String wrong) {
        runner.withPropertyValues(SETTINGS).withPropertyValues(wrong).run(context -> {
            StringWriter text = new StringWriter();
            Throwable failure = context.getStartupFailure();
            assertThat(failure).isNotNull();
            if (failure != null) {
                failure.printStackTrace(new PrintWriter(text));
            }
            assertThat(text.toString()).doesNotContain(SECRETS);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "app.producer.sasl.password, true",
        "APP_PRODUCER_SASL_PASSWORD, true",
        "app.producer.instance.orders.sasl.oauth.clientSecret, true",
        "app.producer.sasl.oauth.extensions.pool, true",
        "app.producer.properties.sasl.jaas.config, true",
        "app.producer.sasl.username, false",
        "app.producer.ssl.bundle, false",
        "app.producer.sasl.oauth.token-uri, false",
        "my.sasl.password, false"
    })
    void haveKeysInManySpellings(String key, boolean isSecret) {
        SanitizableData shown = new SanitizableData(null, key, "value");
        SanitizableData sanitized = new ProducerSanitizingAutoConfiguration()
                .producerSanitizingFunction()
                .apply(shown);

        assertThat(sanitized.getValue()).isEqualTo(isSecret ? SanitizableData.SANITIZED_VALUE : "value");
    }

    @Test
    void needNoActuator() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("producerSanitizingFunction"));
    }
}
