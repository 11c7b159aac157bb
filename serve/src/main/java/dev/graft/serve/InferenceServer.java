package dev.graft.serve;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import dev.graft.GraftException;
import dev.graft.watch.Watch;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * Serves bundles over HTTP and gRPC on one port, in the protocols of text-embeddings-inference and of the Open Inference
 * Protocol, version 2.
 */
public final class InferenceServer implements AutoCloseable {
    private static final Duration READING_AND_ANSWERING = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final int EVENT_LOOPS = 2;
    private static final Duration LOOPS_END = Duration.ofSeconds(5);

    private final Server server;
    private final Addresses addresses;
    private final Models models;
    private final Jobs jobs;
    private final Watch watch;
    private final ExecutorService workers;
    private final Entrance entrance;

    private InferenceServer(
            Server server,
            Addresses addresses,
            Models models,
            Jobs jobs,
            Watch watch,
            ExecutorService workers,
            Entrance entrance) {
        this.server = server;
        this.addresses = addresses;
        this.models = models;
        this.jobs = jobs;
        this.watch = watch;
        this.workers = workers;
        this.entrance = entrance;
    }

    /**
     * Loads bundles, replays their parity examples, warms them up, and only then listens.
     *
     * @param bundles folders by the names under which they are served; the first answers where no model is named
     * @throws dev.graft.InputException if a folder is no bundle, or does not compute what training computed, or if a file
     *     of keys or certificates is refused
     * @throws GraftException if the address cannot be listened on
     */
    public static InferenceServer start(Map<String, Path> bundles, ServeSettings settings) {
        return start(
                bundles.entrySet().stream()
                        .map(bundle -> new Offer(bundle.getKey(), bundle.getValue()))
                        .toList(),
                settings);
    }

    /**
     * As the other, with several versions of a model side by side.
     *
     * @param offers the first answers where no model is named
     */
    public static InferenceServer start(List<Offer> offers, ServeSettings settings) {
        return start(offers, settings, says -> {});
    }

    /**
     * As the other.
     *
     * @param says hears, in the server's threads, what a person should know and no caller is told
     * @throws dev.graft.InputException if the log cannot be opened
     */
    public static InferenceServer start(List<Offer> offers, ServeSettings settings, Consumer<String> says) {
        Watch watch = Watch.start(settings.watching(), says);
        Entrance entrance = entrance(settings, watch);
        ExecutorService workers = Workers.of(settings.tokenizationWorkers());
        var meters = new Meters(watch);
        var models = new Models(offers, settings, meters, workers);
        var jobs = new Jobs(settings, models);
        try {
            var addresses = new Addresses();
            ServerBuilder builder = builder(settings, addresses);
            entrance.addTo(builder, new InetSocketAddress(settings.host(), settings.port()), meters);
            new Routes(builder, addresses, models, jobs, settings, meters, watch, workers).add();
            Server server = builder.build();
            models.openAll();
            System.gc(); // model files stay mapped until what mapped them is collected
            server.start().join();
            jobs.begin();
            return new InferenceServer(server, addresses, models, jobs, watch, workers, entrance);
        } catch (CompletionException e) {
            jobs.close();
            end(models, watch, workers, entrance);
            throw new GraftException(
                    "The server cannot listen on " + settings.host() + ":" + settings.port() + ": "
                            + String.valueOf(e.getCause()),
                    e);
        } catch (RuntimeException | Error e) {
            jobs.close();
            end(models, watch, workers, entrance);
            throw e;
        }
    }

    private static Entrance entrance(ServeSettings settings, Watch watch) {
        try {
            return new Entrance(settings.security());
        } catch (RuntimeException | Error e) {
            watch.close();
            throw e;
        }
    }

    private static ServerBuilder builder(ServeSettings settings, Addresses addresses) {
        ServerBuilder builder = Server.builder()
                .workerGroup(loops(EVENT_LOOPS, "graft-loop"), true)
                .bossGroupFactory(name -> loops(1, name))
                .errorHandler(new ErrorPages(addresses))
                .maxRequestLength(settings.payloadLimit())
                .requestTimeout(READING_AND_ANSWERING)
                .idleTimeout(IDLE)
                .disableServerHeader()
                .disableDateHeader()
                .gracefulShutdownTimeout(Duration.ZERO, settings.drainTime());
        new Wire(settings).addTo(builder);
        return builder;
    }

    /** Threads that end at once when they are asked to: what was under way is over by then. */
    private static EventLoopGroup loops(int threads, String name) {
        return EventLoopGroups.builder()
                .numThreads(threads)
                .threadFactory(ThreadFactories.newThreadFactory(name, true))
                .gracefulShutdown(Duration.ZERO, LOOPS_END)
                .build();
    }

    /** What is offered at each address. */
    Map<String, Set<HttpMethod>> addresses() {
        return addresses.all();
    }

    /** The port that is listened on. */
    public int port() {
        return server.activeLocalPort();
    }

    /** Listens no longer, answers what is under way within the drain time, and frees the models. */
    @Override
    public void close() {
        jobs.stop();
        server.stop().join();
        jobs.close();
        end(models, watch, workers, entrance);
    }

    private static void end(Models models, Watch watch, ExecutorService workers, Entrance entrance) {
        models.close();
        watch.close();
        workers.shutdown();
        entrance.close();
    }
}
