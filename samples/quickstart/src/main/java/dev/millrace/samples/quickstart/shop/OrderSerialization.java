package dev.millrace.samples.quickstart.shop;

import dev.millrace.producer.serialization.Serializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Orders as JSON. */
@Configuration(proxyBeanMethods = false)
class OrderSerialization {
    /** The only serializer bean, and therefore the one of the values. */
    @Bean
    Serializer<Order> orderSerializer(JsonMapper json) {
        return (topic, order) -> json.writeValueAsBytes(order);
    }
}
