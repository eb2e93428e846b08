package dev.millrace.autoconfigure;

import dev.millrace.spring.ProducerTemplate;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.util.StringUtils;

/** What {@code app.producer.template.callback-executor} says. */
final class CallbackExecutors {

    static final String PROPERTY = "app.producer.template.callback-executor";

    private static final String DIRECT = "direct";
    private static final String DISPATCH = "dispatch";

    private final BeanFactory beanFactory;
    private final Environment environment;

    CallbackExecutors(BeanFactory beanFactory, Environment environment) {
        this.beanFactory = beanFactory;
        this.environment = environment;
    }

    /** The executor; null for the engine's delivery thread itself. */
    @Nullable Executor named(@Nullable String value) {
        String name = StringUtils.hasText(value) ? value.trim() : DISPATCH;
        if (name.equalsIgnoreCase(DIRECT)) {
            return null;
        }
        return name.equalsIgnoreCase(DISPATCH) ? dispatcher() : bean(name);
    }

    private Executor dispatcher() {
        return Threading.VIRTUAL.isActive(environment)
                ? new VirtualThreadTaskExecutor("millrace-callbacks-")
                : ProducerTemplate.dispatcher();
    }

    private Executor bean(String name) {
        try {
            return beanFactory.getBean(name, Executor.class);
        } catch (BeansException unusable) {
            String reason = "is neither " + DISPATCH + " nor " + DIRECT + " nor the name of an Executor bean: "
                    + unusable.getMessage();
            throw new InvalidProducerPropertiesException(
                    List.of(new PropertyViolation(
                            PROPERTY, name, new PropertyOrigins(environment).of(PROPERTY), reason)),
                    null);
        }
    }
}
