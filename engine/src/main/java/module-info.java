/** The Kafka producer engine. */
module dev.millrace.engine {
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.codec;
    requires io.netty.transport;
    requires com.ongres.scram.common;
    requires java.security.sasl;
    requires transitive java.security.jgss; // GSSCredential is in the public API
    requires org.slf4j;
    requires static transitive org.jspecify;
    requires static com.github.luben.zstd_jni;
    requires static org.lz4.java;
    requires static snappy.java;

    exports dev.millrace.producer;
    exports dev.millrace.producer.config;
    exports dev.millrace.producer.errors;
    exports dev.millrace.producer.observe;
    exports dev.millrace.producer.interceptor;
    exports dev.millrace.producer.partitioning;
    exports dev.millrace.producer.security;
    exports dev.millrace.producer.serialization;
}
