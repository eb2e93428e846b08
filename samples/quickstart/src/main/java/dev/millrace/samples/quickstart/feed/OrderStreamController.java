package dev.millrace.samples.quickstart.feed;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Shows orders as they are read from the broker. */
@RestController
class OrderStreamController {
    private final OrderStreams streams;

    OrderStreamController(OrderStreams streams) {
        this.streams = streams;
    }

    /** Server-sent events, one for each order. */
    @GetMapping(path = "/orders/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter stream() {
        return streams.open();
    }
}
