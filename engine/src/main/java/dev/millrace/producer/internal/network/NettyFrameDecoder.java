package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.List;

/**
 * Cuts the byte stream into frames. A frame that arrived in one piece is handed on as a view of the receive buffer;
 * nothing is allocated for a size before {@link FrameSize} has believed it.
 */
@EventLoopOnly
final class NettyFrameDecoder extends ByteToMessageDecoder {

    private final NettyChannel owner;

    NettyFrameDecoder(NettyChannel owner) {
        this.owner = owner;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        owner.onActive();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws IOException {
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        int size = in.getInt(in.readerIndex());
        String problem = FrameSize.problemOf(size);
        if (problem != null) {
            in.skipBytes(in.readableBytes());
            throw new IOException(problem);
        }
        if (in.readableBytes() - Integer.BYTES < size) {
            return;
        }
        in.skipBytes(Integer.BYTES);
        int start = in.readerIndex();
        in.skipBytes(size);
        owner.onFrame(in.nioBuffer(start, size));
    }

    /** What is left of a half frame is of no use to anybody. */
    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (in.isReadable()) {
            decode(context, in, out);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        try {
            super.channelInactive(context);
        } finally {
            owner.onInactive();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable root = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        owner.onError(root);
    }
}
