package dev.millrace.autoconfigure;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.KerberosCredentialSupplier;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.TokenSupplier;
import dev.millrace.producer.security.UserCredentials;
import dev.millrace.spring.SaslCredentialsProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** What a producer authenticates with: beans of the application, or what is set under {@code app.producer.sasl}. */
final class ProducerSasl {

    private static final String PREFIX = "app.producer.sasl.";
    private static final String USERNAME = PREFIX + "username";
    private static final String PASSWORD = PREFIX + "password";

    private final Environment environment;
    private final SecurityBeans beans;
    private final OAuthTokens oauth;

    ProducerSasl(ConfigurableListableBeanFactory beanFactory, Environment environment, SslBundleSources bundles) {
        this.environment = environment;
        this.beans = new SecurityBeans(beanFactory);
        this.oauth = new OAuthTokens(beanFactory, bundles);
    }

    /** As {@link ProducerSecurity#of}. */
    Function<ProducerConfig.Builder, List<Violation>> of(ProducerInstance instance, SaslProperties properties) {
        List<Violation> violations = new ArrayList<>();
        SaslMechanism mechanism = mechanism(properties, violations);
        Consumer<ProducerConfig.Builder> proof = mechanism == null
                ? builder -> {}
                : switch (mechanism.proof()) {
                    case PASSWORD -> passwordProof(instance, properties, violations);
                    case TOKEN -> tokenProof(instance, properties, violations);
                    case TICKET -> ticketProof();
                };
        return builder -> {
            if (mechanism != null) {
                builder.saslMechanism(mechanism);
            }
            proof.accept(builder);
            applyRefresh(properties, builder);
            return violations;
        };
    }

    private static @Nullable SaslMechanism mechanism(SaslProperties properties, List<Violation> violations) {
        String text = properties.getMechanism();
        String property = Setting.SASL_MECHANISM.springName();
        if (!StringUtils.hasText(text)) {
            if (StringUtils.hasText(properties.getUsername()) || StringUtils.hasText(properties.getPassword())) {
                violations.add(new Violation(property, "", "is needed, as there are a user and a password"));
            }
            return null;
        }
        SaslMechanism mechanism = SaslMechanism.find(text);
        if (mechanism == null) {
            violations.add(
                    new Violation(property, text, "must be one of " + String.join(", ", SaslMechanism.wireNames())));
        }
        return mechanism;
    }

    private Consumer<ProducerConfig.Builder> passwordProof(
            ProducerInstance instance, SaslProperties properties, List<Violation> violations) {
        boolean isOwn = !instance.isDefault() && new PropertyOrigins(environment, instance).isOwn(USERNAME);
        SecurityBeans.Named<SaslCredentialsProvider> provider =
                isOwn ? null : beans.find(SaslCredentialsProvider.class);
        if (provider != null) {
            CredentialsSupplier supplier =
                    new ProvidedCredentials(provider.beanName(), provider.bean(), instance.name());
            return builder -> builder.saslCredentials(supplier);
        }
        SecurityBeans.Named<CredentialsSupplier> bean = isOwn ? null : beans.find(CredentialsSupplier.class);
        if (bean != null) {
            return builder -> builder.saslCredentials(bean.bean());
        }
        String username = properties.getUsername();
        String password = properties.getPassword();
        if (!StringUtils.hasText(username) || !StringUtils.hasText(password)) {
            violations.add(new Violation(
                    StringUtils.hasText(username) ? PASSWORD : USERNAME,
                    "",
                    "is needed for " + properties.getMechanism() + ", unless there is a bean of type "
                            + SaslCredentialsProvider.class.getSimpleName() + " or "
                            + CredentialsSupplier.class.getSimpleName()));
            CredentialsSupplier missing = () -> {
                throw new IllegalStateException("refused at start");
            };
            return builder -> builder.saslCredentials(missing); // the engine would say the same again
        }
        CredentialsSupplier set = CredentialsSupplier.of(UserCredentials.of(username, password));
        return builder -> builder.saslCredentials(set);
    }

    private Consumer<ProducerConfig.Builder> tokenProof(
            ProducerInstance instance, SaslProperties properties, List<Violation> violations) {
        boolean isOwn =
                !instance.isDefault() && new PropertyOrigins(environment, instance).isOwn(OAuthTokens.TOKEN_URI);
        SecurityBeans.Named<TokenSupplier> bean = isOwn ? null : beans.find(TokenSupplier.class);
        TokenSupplier tokens = bean != null ? bean.bean() : oauth.supplier(instance, properties.getOauth(), violations);
        return builder -> builder.saslTokens(tokens);
    }

    private Consumer<ProducerConfig.Builder> ticketProof() {
        SecurityBeans.Named<KerberosCredentialSupplier> bean = beans.find(KerberosCredentialSupplier.class);
        return builder -> {
            if (bean != null) {
                builder.saslKerberos(bean.bean());
            }
        };
    }

    private static void applyRefresh(SaslProperties properties, ProducerConfig.Builder builder) {
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::getKerberosServiceName)
                .whenHasText()
                .as(String::trim)
                .to(builder::saslKerberosServiceName);
        LoginRefreshProperties refresh = properties.getLoginRefresh();
        map.from(refresh::getWindowFactor).to(builder::saslLoginRefreshWindowFactor);
        map.from(refresh::getWindowJitter).to(builder::saslLoginRefreshWindowJitter);
        map.from(refresh::getMinPeriod).to(builder::saslLoginRefreshMinPeriod);
        map.from(refresh::getBuffer).to(builder::saslLoginRefreshBuffer);
    }
}
