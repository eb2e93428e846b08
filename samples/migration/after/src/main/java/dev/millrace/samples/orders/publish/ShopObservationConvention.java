package dev.millrace.samples.orders.publish;

import dev.millrace.spring.observation.DefaultProducerObservationConvention;
import dev.millrace.spring.observation.ProducerSendContext;
import io.micrometer.common.KeyValues;
import org.springframework.stereotype.Component;

/** Observations tell the shop, too. */
@Component
class ShopObservationConvention extends DefaultProducerObservationConvention {

    @Override
    public KeyValues getLowCardinalityKeyValues(ProducerSendContext context) {
        return super.getLowCardinalityKeyValues(context).and("shop", "orders");
    }
}
