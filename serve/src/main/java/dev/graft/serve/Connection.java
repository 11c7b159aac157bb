package dev.graft.serve;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One client's connection: no more is read from it while it does not read what it was sent, or while it waits for many
 * answers at a time; and it is closed when bytes come that are no request for too long.
 *
 * <p>Everything here runs on the connection's own event loop.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<Connection> ATTRIBUTE = AttributeKey.valueOf(Connection.class, "CONNECTION");
    private static final WriteBufferWaterMark UNREAD = new WriteBufferWaterMark(256 << 10, 1 << 20);
    /** Bytes that may come while no request is under way: the end of a body that was refused, but no flood of frames. */
    private static final long MOST_BETWEEN = 8 << 20;

    private static final long NEVER = Long.MIN_VALUE;

    private final Channel channel;
    private final long patience;
    private final int mostAtOnce;
    private Optional<Future<?>> looking = Optional.empty();
    private long waitsSince = NEVER;
    private long between;
    private int underWay;
    private boolean multiplexed;

    private Connection(Channel channel, Duration patience, int mostAtOnce) {
        this.channel = channel;
        this.patience = patience.toNanos();
        this.mostAtOnce = mostAtOnce;
    }

    /**
     * Puts a new connection under these rules.
     *
     * @param mostAtOnce requests that one connection may have under way before no more is read from it
     */
    static void watch(ChannelPipeline pipeline, Duration patience, int mostAtOnce) {
        Channel channel = pipeline.channel();
        channel.config().setWriteBufferWaterMark(UNREAD);
        var connection = new Connection(channel, patience, mostAtOnce);
        channel.attr(ATTRIBUTE).set(connection);
        pipeline.addFirst(connection);
    }

    static Optional<Connection> of(Channel channel) {
        return Optional.ofNullable(channel.attr(ATTRIBUTE).get());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        long period = patience / 4;
        looking = Optional.of(
                channel.eventLoop().scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS));
        super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        looking.ifPresent(future -> future.cancel(false));
        super.channelInactive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (waitsSince == NEVER && underWay == 0 && !multiplexed) {
            waitsSince = System.nanoTime();
        }
        if (underWay == 0 && message instanceof ByteBuf bytes) {
            between += bytes.readableBytes();
            if (between > MOST_BETWEEN) {
                channel.close();
            }
        }
        super.channelRead(context, message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        readOrWait();
        super.channelWritabilityChanged(context);
    }

    /**
     * A request has come, its headers whole.
     *
     * @param ofMany whether it shares the connection with others that go on at the same time
     * @return false if the connection has as many under way as it may
     */
    boolean begin(boolean ofMany) {
        multiplexed |= ofMany;
        waitsSince = NEVER;
        between = 0;
        boolean room = !isFull();
        underWay++;
        if (room && isFull()) {
            readOrWait();
        }
        return room;
    }

    /** A request's answer has been sent, or given up. */
    void end() {
        if (channel.eventLoop().inEventLoop()) {
            ended();
        } else {
            channel.eventLoop().execute(this::ended);
        }
    }

    private void ended() {
        boolean full = isFull();
        underWay--;
        if (full && !isFull()) {
            readOrWait();
        }
    }

    /** In HTTP/2 a number of streams is agreed upon, and what answers wait for must be read. */
    private boolean isFull() {
        return !multiplexed && underWay >= mostAtOnce;
    }

    private void readOrWait() {
        channel.config().setAutoRead(channel.isWritable() && !isFull());
    }

    private void look() {
        if (waitsSince != NEVER && System.nanoTime() - waitsSince > patience) {
            channel.close();
        }
    }
}
