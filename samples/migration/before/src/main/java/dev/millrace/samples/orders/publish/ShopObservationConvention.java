package dev.millrace.samples.orders.publish;

import io.micrometer.common.KeyValues;
import org.springframework.kafka.support.micrometer.KafkaRecordSenderContext;
import org.springframework.kafka.support.micrometer.KafkaTemplateObservation.DefaultKafkaTemplateObservationConvention;
import org.springframework.stereotype.Component;

/** Observations tell the shop, too. */
@Component
class ShopObservationConvention extends DefaultKafkaTemplateObservationConvention {

    @Override
    public KeyValues getLowCardinalityKeyValues(KafkaRecordSenderContext context) {
        return super.getLowCardinalityKeyValues(context).and("shop", "orders");
    }
}
