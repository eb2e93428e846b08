package dev.millrace.producer.architecture.planted.internal.client;

import net.jpountz.lz4.LZ4Factory;

/** Cannot be loaded where an optional library is missing. */
public final class CodecUser {
    String compressors() {
        return LZ4Factory.fastestInstance().toString();
    }
}
