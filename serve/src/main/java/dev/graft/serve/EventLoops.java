package dev.graft.serve;

import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.server.ServerBuilder;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;

/**
 * The threads of the network, which end at once when they are asked to: what was under way is over by then.
 *
 * <p>Armeria asks the loop that accepts connections itself, past the time that its group was given, and so waits for
 * netty's quiet period of two seconds; therefore that loop is asked before, when those that work have ended.
 */
record EventLoops(EventLoopGroup working, EventLoopGroup accepting) implements AutoCloseable {
    private static final int WORKING = 2;
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    static EventLoops open() {
        EventLoopGroup accepting = group(1, "graft-accept");
        EventLoopGroup working = group(WORKING, "graft-loop");
        working.terminationFuture().addListener(ended -> accepting.shutdownGracefully());
        return new EventLoops(working, accepting);
    }

    private static EventLoopGroup group(int threads, String name) {
        return EventLoopGroups.builder()
                .numThreads(threads)
                .threadFactory(ThreadFactories.newThreadFactory(name, true))
                .gracefulShutdown(Duration.ZERO, LONGEST_END)
                .build();
    }

    /** Has a server use them, and end them when it stops. */
    void addTo(ServerBuilder builder) {
        builder.workerGroup(working, true).bossGroupFactory(name -> accepting);
    }

    /** Ends those of a server that never started, and waits for it. */
    @Override
    public void close() {
        working.shutdownGracefully();
        accepting.terminationFuture().awaitUninterruptibly(2 * LONGEST_END.toMillis());
    }
}
